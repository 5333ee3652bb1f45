import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import type { Client as SshClient } from 'ssh2';
import { KnotError } from '@knot/shared/errors';

export interface ForwardedPort {
  /** Here, on 127.0.0.1; 0: one that is free. */
  readonly local: number;
  /** In the space. */
  readonly port: number;
}

/** `8080`, or `3000:8080` where the port here is another one. */
export function parseForwardedPort(text: string): ForwardedPort {
  const [, local, port] = /^(?:(\d{1,5}):)?(\d{1,5})$/.exec(text) ?? [];
  const parsed = { local: Number(local ?? port), port: Number(port) };
  if (port === undefined || parsed.port === 0 || parsed.port > 65_535 || parsed.local > 65_535) {
    throw new KnotError(
      'input.invalid',
      `${text} is no port`,
      'Write 8080, or 3000:8080 to listen on another one here.',
    );
  }
  return parsed;
}

/** The same, and by what a port is called: `shop`, or `3000:shop`. */
export function namedForwardedPort(text: string, portOf: (name: string) => Promise<number>): Promise<ForwardedPort> {
  const [, here = '', name = ''] = /^(\d{1,5}:)?(.*[^\d:].*)$/.exec(text) ?? [];
  return name === ''
    ? Promise.resolve(parseForwardedPort(text))
    : portOf(name).then((port) => parseForwardedPort(`${here}${port}`));
}

export interface ForwardingEvents {
  /** Where it listens, once it does. */
  readonly listens: (port: number) => void;
  /** A connection was turned away. */
  readonly refused: (why: string) => void;
}

/** A connection to a port of a space. */
export function spacePort(ssh: SshClient, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    ssh.forwardOut('127.0.0.1', 0, '127.0.0.1', port, (error, channel) =>
      error ? reject(nothing(port)) : resolve(channel),
    );
  });
}

function nothing(port: number): KnotError {
  return new KnotError('server.unavailable', `nothing answers on port ${port} in the space`);
}

/** Carries what comes to a port of this machine's loopback to where `open` leads, until the signal, or it cannot listen. */
export async function forwardPort(
  open: (port: number) => Promise<Duplex>,
  { local, port }: ForwardedPort,
  on: ForwardingEvents,
  signal?: AbortSignal,
): Promise<never> {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    open(port).then(
      (channel) => join(socket, channel),
      (error: unknown) => {
        socket.resetAndDestroy();
        on.refused(error instanceof Error ? error.message : String(error));
      },
    );
  });
  try {
    server.listen(local, '127.0.0.1');
    await once(server, 'listening').catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new KnotError(
        'input.invalid',
        `it cannot listen here: ${why}`,
        `Take another port here: 0:${port} takes a free one.`,
      );
    });
    const address = server.address();
    on.listens(typeof address === 'object' && address !== null ? address.port : local);
    const ended = new Promise<never>((_, reject) => {
      server.once('error', reject);
      signal?.addEventListener('abort', () => reject(asError(signal.reason)), { once: true });
    });
    signal?.throwIfAborted();
    return await ended;
  } finally {
    server.close();
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

function join(socket: Socket, channel: Duplex): void {
  // whoever has gone meanwhile
  if (socket.destroyed) return void channel.destroy();
  pipeline(socket, channel, () => undefined);
  pipeline(channel, socket, () => undefined);
  socket.once('close', () => channel.end());
  channel.once('close', () => socket.destroySoon());
}
