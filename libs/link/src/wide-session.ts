import type { ClientHttp2Session, ServerHttp2Session } from 'node:http2';
import type { Duplex } from 'node:stream';
import { hearItsEnd } from './hear-its-end.js';

/** In flight along one connection, of all streams together, bytes; HTTP/2 begins with 64 kB, which is one megabyte a second at 64 ms. */
const WINDOW = 8 * 1024 * 1024;

const WITHOUT_END = 1_000_000_000;

/**
 * For both ends of a connection between programs of ours. A request of a web app is a stream that ends by a reset, often with
 * bytes still on their way: after some 1,000 of either, Node would end the connection with all that is open along it. And it
 * would refuse new streams once those that are not read hold 10 MB.
 */
export const WIDE = {
  /** MB */
  maxSessionMemory: 512,
  streamResetBurst: WITHOUT_END,
  streamResetRate: WITHOUT_END,
  maxSessionInvalidFrames: WITHOUT_END,
};

/**
 * Lets a connection carry as much as its streams may, however far it goes, and notice its end. A stream that is not read is
 * bounded by its own window.
 */
export function widen<Session extends ClientHttp2Session | ServerHttp2Session>(
  session: Session,
  socket: Duplex,
): Session {
  session.once('connect', () => session.setLocalWindowSize(WINDOW));
  hearItsEnd(socket);
  return session;
}
