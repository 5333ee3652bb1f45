import { fileURLToPath } from 'node:url';
import { Client, credentials, type ClientReadableStream } from '@grpc/grpc-js';
import { startChild, type Child } from '../tools/child.js';
import { freePort } from '../tools/ports.js';

export interface RawPeer {
  readonly port: number;
  readonly pid: number;
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('raw-server.mjs', import.meta.url));

export async function startRawPeer(
  mode: 'fan-out' | 'pages' | 'tls' | 'relay',
  args: readonly (string | number)[],
  port?: number,
): Promise<RawPeer> {
  const at = port ?? (await freePort());
  const child: Child = await startChild(process.execPath, [program, mode, String(at), ...args.map(String)]);
  await child.waitForLine(/listening/, { timeout: 60_000 });
  return { port: at, pid: child.pid, kill: () => child.kill() };
}

/** One stream of the raw peer, and the connection that carries it. */
export function openRawStream(port: number): { readonly stream: ClientReadableStream<Buffer>; close(): void } {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  });
  const whole = (bytes: Buffer): Buffer => bytes;
  const stream = client.makeServerStreamRequest('/raw/Stream', whole, whole, Buffer.alloc(1));
  stream.on('error', () => undefined);
  return {
    stream,
    close: () => {
      stream.cancel();
      client.close();
    },
  };
}
