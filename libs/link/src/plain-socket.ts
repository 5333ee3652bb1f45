import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { KnotError } from '@knot/shared/errors';

const MEET_MS = 10_000;

/**
 * A socket of the kernel that carries what `stream` carries. HTTP/2 of Node runs over nothing else: over another Duplex
 * it ends the whole process by an internal assertion when that is cut. The two ends meet on loopback; whoever else
 * dials that port at the moment is turned away.
 */
export async function plainSocket(stream: Duplex): Promise<Socket> {
  // nobody else listens for one yet, and an error that nobody takes ends the whole process
  stream.on('error', () => undefined);
  const server = createServer({ noDelay: true });
  const made: Socket[] = [];
  try {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    const ours = connect({ port: address.port, host: '127.0.0.1', noDelay: true });
    made.push(ours);
    const theirs = await partner(server, ours);
    made.push(theirs);
    pipeline(stream, theirs, stream, () => {
      stream.destroy();
      theirs.destroy();
    });
    return ours;
  } catch (error) {
    const message = stream.destroyed ? 'The connection ended as it was taken.' : 'The machine gives no socket.';
    for (const one of [stream, ...made]) one.destroy();
    throw new KnotError('server.unavailable', message, '', {}, { cause: error });
  } finally {
    server.close();
  }
}

function partner(server: ReturnType<typeof createServer>, ours: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no partner in time')), MEET_MS);
    const waiting: Socket[] = [];
    const look = () => {
      if (ours.localPort === undefined) return;
      for (const socket of waiting.splice(0)) {
        if (socket.remotePort !== ours.localPort) socket.destroy();
        else {
          clearTimeout(timer);
          resolve(socket);
        }
      }
    };
    server.on('connection', (socket) => {
      socket.on('error', () => socket.destroy());
      waiting.push(socket);
      look();
    });
    ours.once('connect', look);
    ours.on('error', reject);
  });
}
