import type { Duplex } from 'node:stream';

const LOOK_EVERY_MS = 1_000;

/**
 * Lets a connection that carries HTTP/2 notice that it has broken. Node stops reading along it while a write is under way,
 * and over TLS forgets the write that waited as it broke (nodejs/node#50884): it would neither read nor write ever again, and
 * say nothing. So reading begins anew every second: one that reads already is not touched, one that is gone says so.
 */
export function hearItsEnd(socket: Duplex & Partial<WithHandle>): void {
  // Node tells nobody that it has stopped, and lets nobody begin but through the handle
  const timer = setInterval(() => socket._handle?.readStart?.(), LOOK_EVERY_MS).unref();
  socket.once('close', () => clearInterval(timer));
}

interface WithHandle {
  readonly _handle: { readStart?(): number } | null;
}
