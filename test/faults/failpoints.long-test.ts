import { describe, it } from 'vitest';
import { FAILPOINTS } from '../../libs/shared/src/failpoints/names.js';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import { freshFolder } from '../tools/processes.js';
import { mysqlKeys } from '../tools/mysql-keys.js';
import { startRedis } from '../tools/redis.js';
import { sharedMariadb } from '../tools/shared-mariadb.js';
import { localSite, weather, type Arena, type Fault } from './matrix/arena.js';
import { struck } from './matrix/struck.js';
import { tellOutcome } from './matrix/tell-outcome.js';

const mariadb = await sharedMariadb();
const redis = await startRedis();
const STORES: Readonly<Record<string, Record<string, unknown>>> = {
  SQLite: {},
  MariaDB: mysqlKeys(mariadb, await mariadb.freshDatabase()),
  Redis: {
    'server.redis.enabled': true,
    'server.redis.hosts': [redis.host],
    'server.encrypt': 'a-key-of-the-tests-with-enough-letters',
  },
};

describe.each(Object.entries(STORES))('kill -9 on %s', (store, config) => {
  let arena: Arena | null = null;

  async function place(): Promise<Arena> {
    if (arena) return arena;
    const folder = freshFolder('spaces');
    const origin = await startOrigin({ config });
    const leaf = await startLeaf(origin, { location: 'lon', local: true, config: { 'server.local.path': folder } });
    await locationReady(origin, 'lon', 'local');
    return (arena = { origin, leaf, location: 'lon', site: localSite(folder) });
  }

  it.each(Object.keys(FAILPOINTS))('at %s', async (point) => {
    const at = await place();
    tellOutcome(`Failpoints on ${store}`, point, await weather(at, killedAt(at, point)));
  });
});

/** Dies when it comes to the point, in the midst of what people wish. */
function killedAt(at: Arena, point: string): Fault {
  const who = point.startsWith('origin.') ? 'origin' : 'leaf';
  const restart = async (env?: Record<string, string>) => {
    if (who === 'origin') at.origin = await at.origin.restart(env);
    else at.leaf = await at.leaf.restart(env);
  };
  return {
    strike: async () => {
      await at[who].process.terminate();
      await restart({ KNOT_FAILPOINTS: `${point}=exit` });
    },
    heal: async () => {
      await struck(at[who].process, point);
      await restart();
    },
  };
}
