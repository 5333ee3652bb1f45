import { getCACertificates } from 'node:tls';
import { readPem } from '@knot/link';
import { ServerNames, type Clock, type Logger, type RandomSource } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';
import { loadFromFile, openMysqlStore, type MysqlAccount } from '@knot/shared/mysql';
import type { Store } from '@knot/shared/store';

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
export async function loadMysql(config: KnotConfig, ports: OpenMysqlPorts, file: string): Promise<void> {
  const { account, targets } = await databaseOf(config, ports);
  const [target] = await targets();
  if (target === undefined) throw new KnotError('server.unavailable', 'no server of the database is known', '');
  await loadFromFile(file, account, target, ports);
}

async function databaseOf(config: KnotConfig, { clock, logger }: OpenMysqlPorts) {
  const { mysql } = config.server;
  const { host, port, user, password, database } = mysql;
  const own = mysql.useTls ? await readPem('server.mysql.ca_file', mysql.caFile) : undefined;
  const ca = [...getCACertificates('default'), ...getCACertificates('system'), ...(own ? [own] : [])];
  const warn = (err: Error): void => logger.warn({ err }, 'the database is dialled where it was last');
  const names = new ServerNames({ ...config.resolver, clock, warn });
  const srv = host.startsWith('srv+') ? host.slice('srv+'.length) : null;
  const account: MysqlAccount = { user, password: password?.reveal(), database, tls: mysql.useTls ? { ca } : null };
  const targets = () => (srv === null ? Promise.resolve([{ host, address: host, port }]) : names.targets(srv));
  return { account, targets };
}
