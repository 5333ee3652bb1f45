import { constants } from 'node:http2';

/**
 * Ends a server call at once, whatever waits to be written. grpc-js has no word for it: ending or destroying its call
 * waits for the reader or leaves the HTTP/2 stream open, so the stream beneath is reset. (The origin's
 * `stuck-reader.test.ts` holds an upgrade of grpc-js to that.)
 */
export function resetStream(call: object): void {
  const stream = member(member(call, 'call'), 'stream');
  const close: unknown = stream && Reflect.get(stream, 'close');
  if (typeof close !== 'function') throw new TypeError('This grpc-js keeps the HTTP/2 stream of a call elsewhere.');
  close.call(stream, constants.NGHTTP2_CANCEL);
}

function member(holder: object | null, name: string): object | null {
  const value: unknown = holder && Reflect.get(holder, name);
  return typeof value === 'object' ? value : null;
}
