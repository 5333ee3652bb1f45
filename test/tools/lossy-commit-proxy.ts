import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A proxy before MariaDB that can lose the answer to a COMMIT, or the COMMIT itself. */
export interface LossyCommitProxy {
  readonly port: number;
  /** The next COMMIT reaches the server (`answer`) or does not (`request`), and the connection breaks. */
  loseNext(what: 'answer' | 'request'): void;
  /** How many were lost. */
  readonly lost: number;
  close(): void;
}

/** A query packet of the protocol: its length, a sequence number of 0, the command 3, the text. */
const COMMIT = Buffer.concat([Buffer.from([7, 0, 0, 0, 3]), Buffer.from('COMMIT')]);
/** Time for the server to have done it. */
const DONE_MS = 300;

export async function startLossyCommitProxy(targetPort: number): Promise<LossyCommitProxy> {
  const open = new Set<Socket>();
  let losing: 'answer' | 'request' | null = null;
  let lost = 0;
  const server = createServer({ noDelay: true }, (client) => {
    const onward = connect({ host: '127.0.0.1', port: targetPort, noDelay: true });
    let silent = false;
    const end = (): void => [client, onward].forEach((socket) => socket.destroy());
    for (const socket of [client, onward]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', () => (open.delete(socket), end()));
    }
    client.on('data', (piece) => {
      if (losing === null || !piece.equals(COMMIT)) return void onward.write(piece);
      const what = losing;
      losing = null;
      lost += 1;
      silent = true;
      if (what === 'answer') onward.write(piece);
      setTimeout(end, what === 'answer' ? DONE_MS : 0);
    });
    onward.on('data', (piece) => {
      if (!silent) client.write(piece);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    loseNext: (what) => (losing = what),
    get lost() {
      return lost;
    },
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
