import { getCACertificates } from 'node:tls';
import { readPem } from '@knot/link';
import { ServerNames, type Clock, type Logger, type RandomSource } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';
import { openMysqlStore } from '@knot/shared/mysql';
import type { Store } from '@knot/shared/store';

const MINUTE_MS = 60_000;

interface OpenMysqlPorts {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
}

/** The store in the database that the configuration names. */
export async function openMysql(config: KnotConfig, { clock, random, logger }: OpenMysqlPorts): Promise<Store> {
  const { mysql } = config.server;
  const { host, port, user, password, database } = mysql;
  const own = mysql.useTls ? await readPem('server.mysql.ca_file', mysql.caFile) : undefined;
  const ca = [...getCACertificates('default'), ...getCACertificates('system'), ...(own ? [own] : [])];
  const warn = (err: Error): void => logger.warn({ err }, 'the database is dialled where it was last');
  const names = new ServerNames({ ...config.resolver, clock, warn });
  const srv = host.startsWith('srv+') ? host.slice('srv+'.length) : null;
  return openMysqlStore({
    account: { user, password: password?.reveal(), database, tls: mysql.useTls ? { ca } : null },
    targets: () => (srv === null ? Promise.resolve([{ host, address: host, port }]) : names.targets(srv)),
    maxOpen: mysql.connectionMaxOpen,
    maxIdle: mysql.connectionMaxIdle,
    lifetimeMs: mysql.connectionMaxLifetime * MINUTE_MS,
    clock,
    random,
  });
}
