import type { Clock, Logger, RandomSource } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';
import { loadFromFile, openMysqlStore, type MysqlAccount } from '@knot/shared/mysql';
import type { Store } from '@knot/shared/store';
import { storeNames, trustedBy } from './store-servers.js';

const MINUTE_MS = 60_000;

interface OpenMysqlPorts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
}

/** The store in the database that the configuration names. */
export async function openMysql(config: KnotConfig, ports: OpenMysqlPorts): Promise<Store> {
  const { mysql } = config.server;
  const { account, targets } = await databaseOf(config, ports);
  return openMysqlStore({
    account,
    targets,
    maxOpen: mysql.connectionMaxOpen,
    maxIdle: mysql.connectionMaxIdle,
    lifetimeMs: mysql.connectionMaxLifetime * MINUTE_MS,
    clock: ports.clock,
    random: ports.random,
  });
}

/** Puts a file as the embedded store has it in place of all that the database holds. No origin may run meanwhile. */
export async function loadMysql(
  config: KnotConfig,
  ports: OpenMysqlPorts,
  file: string,
  progress: (rows: number, of: number) => void,
): Promise<void> {
  const { account, targets } = await databaseOf(config, ports);
  const [target] = await targets();
  if (target === undefined) throw new KnotError('server.unavailable', 'no server of the database is known', '');
  await loadFromFile(file, account, target, { ...ports, progress });
}

async function databaseOf(config: KnotConfig, ports: OpenMysqlPorts) {
  const { mysql } = config.server;
  const { host, port, user, password, database } = mysql;
  const tls = mysql.useTls ? await trustedBy('server.mysql.ca_file', mysql.caFile) : null;
  const lookUp = storeNames(config, ports, 'the database');
  const srv = host.startsWith('srv+') ? host.slice('srv+'.length) : null;
  const account: MysqlAccount = { user, password: password?.reveal(), database, tls };
  const targets = () => (srv === null ? Promise.resolve([{ host, address: host, port }]) : lookUp(srv));
  return { account, targets };
}
