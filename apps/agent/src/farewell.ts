import type { ServerHttp2Stream } from 'node:http2';

/** Ends a stream once all is sent, whatever the other end still has to say: so that the leaf lets go of it. */
export function farewell(stream: ServerHttp2Stream): void {
  stream.end();
  stream.close();
}
