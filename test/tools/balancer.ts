import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** One address on loopback before several servers: each connection goes to the next that takes it. */
export interface Balancer {
  readonly url: string;
  /** `host:port` of the servers behind it. */
  use(targets: readonly string[]): void;
  close(): void;
}

export async function startBalancer(): Promise<Balancer> {
  let targets: readonly string[] = [];
  let turn = 0;
  const open = new Set<Socket>();

  const dial = (client: Socket, left: number, first: number): void => {
    const target = targets[first % Math.max(1, targets.length)];
    if (left === 0 || target === undefined) return void client.resetAndDestroy();
    const [host = '', port = ''] = target.split(':');
    const server = connect({ host, port: Number(port), noDelay: true });
    server.once('error', () => dial(client, left - 1, first + 1));
    server.once('connect', () => {
      server.removeAllListeners('error');
      open.add(server);
      const end = (): void => [client, server].forEach((socket) => socket.destroy());
      for (const socket of [client, server]) socket.on('error', end).on('close', end);
      server.once('close', () => open.delete(server));
      client.pipe(server).pipe(client);
    });
  };
  const balancer = createServer({ noDelay: true }, (client) => {
    open.add(client);
    client.on('error', () => client.destroy());
    client.once('close', () => open.delete(client));
    dial(client, targets.length, turn++);
  });
  await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`,
    use: (next) => void (targets = next),
    close() {
      balancer.close();
      for (const socket of open) socket.destroy();
    },
  };
}
