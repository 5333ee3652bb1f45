import type { Readable, Writable } from 'node:stream';

/**
 * Lets what `source` brings in one turn go out of `socket` as one write. TLS and HTTP/2 hand on pieces of some 8 kB, of which a
 * connection has brought many at once; a write of each by itself is most of what carrying them costs. To be called before
 * `source` is piped. (The answer of HTTP above the socket is not corked itself: Node forgets to say that it has drained.)
 */
export function gather(source: Readable, socket: Pick<Writable, 'cork' | 'uncork'>): void {
  let corked = false;
  source.on('data', () => {
    if (corked) return;
    corked = true;
    socket.cork();
    setImmediate(() => {
      corked = false;
      socket.uncork();
    });
  });
}
