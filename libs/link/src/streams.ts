// What a program needs of this lib that carries bytes and speaks no gRPC.
export { readLine } from './read-line.js';
export { writeAll } from './write-all.js';
export { FrameReader, frameOf } from './frames.js';
export { Replay } from './replay.js';
export { ResumableStream, type Carrier } from './resumable-stream.js';
export { clientTls } from './client-tls.js';
export { WIDE, widen } from './wide-session.js';
export { endWhenSilent } from './end-when-silent.js';
