import { ApiClient } from './api-client.js';
import { startBalancer, type Balancer } from './balancer.js';
import { scaffold, setUp, SHARED_TOKEN } from './cluster.js';
import type { Mariadb, MariadbAccess } from './mariadb.js';
import { mysqlKeys } from './mysql-keys.js';
import { freePort } from './ports.js';
import { freshFolder, startKnot, type KnotProcess } from './processes.js';

export interface OneOrigin {
  /** Its own address, behind the balancer's. */
  readonly url: string;
  readonly process: KnotProcess;
  /** Signed in as the first administrator, at this very origin. */
  readonly api: ApiClient;
}

/** Origins on one MariaDB, with one address before them. */
export interface SeveralOrigins {
  readonly balancer: Balancer;
  readonly all: OneOrigin[];
  /** By the common address. */
  readonly api: ApiClient;
  /** Starts one more, with keys of its own; waits until it answers. */
  add(keys?: Record<string, unknown>): Promise<OneOrigin>;
  /** Starts one that is to be refused, and gives what it printed. */
  refused(keys: Record<string, unknown>): Promise<string>;
  /** kill -9. */
  kill(index: number): Promise<void>;
  /** SIGTERM, then the same again on its data and port. */
  restart(index: number): Promise<void>;
}

export async function startSeveralOrigins(
  server: MariadbAccess & Pick<Mariadb, 'freshDatabase'>,
  count: number,
  keys: Record<string, unknown> = {},
): Promise<SeveralOrigins> {
  const balancer = await startBalancer();
  const common = {
    ...mysqlKeys(server, await server.freshDatabase()),
    'server.url': balancer.url,
    'server.location': 'home',
    'server.shared_token': SHARED_TOKEN,
    ...keys,
  };
  const all: OneOrigin[] = [];
  const configs: string[] = [];
  let token = '';

  const run = async (url: string, config: string, folder: string): Promise<OneOrigin> => {
    const process = await startKnot({ config, name: 'origin', folder });
    await process.waitForUrl(`${url}/readyz`, 60_000);
    return { url, process, api: new ApiClient(url, token) };
  };
  const add = async (more: Record<string, unknown> = {}): Promise<OneOrigin> => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const config = await scaffold({ ...common, 'server.listen': url, ...more });
    const one = await run(url, config, freshFolder('origin'));
    all.push(one);
    configs.push(config);
    balancer.use(all.map((origin) => new URL(origin.url).host));
    return one;
  };

  const first = await add();
  token = await setUp(balancer.url, () => first.process.output());
  all[0] = { ...first, api: new ApiClient(first.url, token) };
  while (all.length < count) await add();
  return {
    balancer,
    all,
    api: new ApiClient(balancer.url, token),
    add,
    async refused(more) {
      const url = `http://127.0.0.1:${await freePort()}`;
      const config = await scaffold({ ...common, 'server.listen': url, ...more });
      const process = await startKnot({ config, name: 'refused' });
      const timer = setTimeout(() => process.signal('SIGKILL'), 60_000);
      await process.exited;
      clearTimeout(timer);
      return process.output();
    },
    kill: async (index) => all[index]?.process.kill(),
    async restart(index) {
      const old = all[index];
      if (old === undefined) throw new Error(`There is no origin ${index}.`);
      const { code } = await old.process.terminate(30_000);
      if (code !== 0) throw new Error(`The origin ended with ${code}:\n${old.process.output().slice(-3_000)}`);
      all[index] = await run(old.url, configs[index] ?? '', old.process.folder);
    },
  };
}
