import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A TCP proxy on loopback that counts the payload bytes (not packets' heads) of each direction. */
export interface CountingProxy {
  readonly url: string;
  /** Since the start: from the one who dialled, and back. */
  counted(): { readonly there: number; readonly back: number };
  close(): void;
}

export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target);
  let [there, back] = [0, 0];
  const open = new Set<Socket>();
  const server = createServer({ noDelay: true }, (dialled) => {
    const onward = connect({ host: hostname, port: Number(port), noDelay: true });
    dialled.on('data', (piece) => (there += piece.length));
    onward.on('data', (piece) => (back += piece.length));
    for (const [one, other] of [
      [dialled, onward],
      [onward, dialled],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => (open.delete(one), other.destroy()));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counted: () => ({ there, back }),
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
