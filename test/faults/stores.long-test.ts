import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import { startMariadb } from '../tools/mariadb.js';
import { mysqlKeys } from '../tools/mysql-keys.js';
import { freshFolder } from '../tools/processes.js';
import { startRedis } from '../tools/redis.js';
import { localSite, weather, type Arena, type Fault } from './matrix/arena.js';
import { tellOutcome } from './matrix/tell-outcome.js';

const PART = 'Stores';
const ENCRYPT = 'a-key-of-the-tests-with-enough-letters';

const mariadb = await startMariadb();
afterAll(() => mariadb.stop());
const database = await mariadb.freshDatabase();
// No administrator of the server: one such may write where it is read-only.
await mariadb.sql(`CREATE USER knot IDENTIFIED BY 'a-password'`, `GRANT ALL ON ${database}.* TO knot`);
const redis = await startRedis();

const STORES = {
  MariaDB: {
    config: mysqlKeys({ ...mariadb, user: 'knot', password: 'a-password' }, database),
    server: mariadb,
    readOnly: (on: boolean) => mariadb.sql(`SET GLOBAL read_only = ${on ? 1 : 0}`),
  },
  Redis: {
    config: { 'server.redis.enabled': true, 'server.redis.hosts': [redis.host], 'server.encrypt': ENCRYPT },
    server: redis,
    readOnly: (on: boolean) => redis.ask('CONFIG', 'SET', 'min-replicas-to-write', on ? '1' : '0'),
  },
};

describe.each(Object.entries(STORES))('%s', (store, { config, server, readOnly }) => {
  let arena: Arena | null = null;

  async function place(): Promise<Arena> {
    if (arena) return arena;
    const folder = freshFolder('spaces');
    const origin = await startOrigin({ config });
    const leaf = await startLeaf(origin, { location: 'lon', local: true, config: { 'server.local.path': folder } });
    await locationReady(origin, 'lon', 'local');
    return (arena = { origin, leaf, location: 'lon', site: localSite(folder) });
  }

  const faults: Readonly<Record<string, Fault>> = {
    'killed and started again': { strike: () => server.down(), lastsMs: 3_000, heal: () => server.up() },
    'away for 45 s': { strike: () => server.down(), lastsMs: 45_000, heal: () => server.up() },
    'killed three times in a row': {
      strike: async () => {
        for (let turn = 0; turn < 3; turn += 1) {
          await server.down();
          await server.up();
          await pause(1_500);
        }
      },
    },
    'stopped by SIGSTOP for 25 s': { strike: () => server.freeze(), lastsMs: 25_000, heal: () => server.thaw() },
    'read-only for 20 s': { strike: () => readOnly(true), lastsMs: 20_000, heal: () => readOnly(false) },
  };

  it.each(Object.entries(faults))('%s', async (name, fault) => {
    const outcome = await weather(await place(), fault);
    expect(outcome.untouched).toBe('ran on');
    tellOutcome(PART, `${store} ${name}`, outcome);
  });
});
