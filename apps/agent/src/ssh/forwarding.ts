import { connect, createServer, type Server, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { Connection, ServerChannel } from 'ssh2';

const MOST_LISTENERS = 64;
const CONNECT_MS = 30_000;

/** Forwards connections both ways: to addresses that the space reaches, and from ports of its loopback to the client. */
export function serveForwarding(connection: Connection): void {
  const listeners = new Map<string, Server>();
  connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
    forward(connect({ host: destIP, port: destPort, noDelay: true }), accept, reject);
  });
  connection.on('openssh.streamlocal', (accept, reject, { socketPath }) => {
    forward(connect(socketPath), accept, reject);
  });
  connection.on('request', (accept, reject, name, info) => {
    switch (name) {
      case 'tcpip-forward':
        return listenFor(connection, listeners, info, accept, reject);
      case 'cancel-tcpip-forward': {
        const listener = listeners.get(`${info.bindAddr}:${info.bindPort}`);
        listener?.close();
        listeners.delete(`${info.bindAddr}:${info.bindPort}`);
        return void (listener ? accept?.() : reject?.());
      }
      default:
        return void reject?.();
    }
  });
  connection.once('close', () => {
    for (const listener of listeners.values()) listener.close();
  });
}

export function forward(socket: Socket, accept: () => ServerChannel, reject: () => void): void {
  socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error('no answer in time')));
  socket.once('error', reject);
  socket.once('connect', () => {
    socket.setTimeout(0);
    socket.removeListener('error', reject);
    join(socket, accept());
  });
}

function listenFor(
  connection: Connection,
  listeners: Map<string, Server>,
  { bindAddr, bindPort }: { readonly bindAddr: string; readonly bindPort: number },
  accept: ((port?: number) => void) | undefined,
  reject: (() => void) | undefined,
): void {
  if (listeners.size >= MOST_LISTENERS) return void reject?.();
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    const { remoteAddress = '127.0.0.1', remotePort = 0, localPort = bindPort } = socket;
    connection.forwardOut(bindAddr, localPort, remoteAddress, remotePort, (error, channel) => {
      if (error) socket.destroy();
      else join(socket, channel);
    });
  });
  // as sshd does unless it is told otherwise: other machines do not get in
  server.listen(bindPort, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : bindPort;
    listeners.set(`${bindAddr}:${port}`, server);
    accept?.(port);
  });
  server.once('error', () => reject?.());
}

function join(socket: Socket, channel: ServerChannel): void {
  // whoever has gone meanwhile
  if (socket.destroyed) return void channel.destroy();
  pipeline(socket, channel, () => undefined);
  pipeline(channel, socket, () => undefined);
  // a channel that ends both ways says no more, and a socket that breaks breaks it
  socket.once('close', () => channel.end());
  channel.once('close', () => socket.destroySoon());
}
