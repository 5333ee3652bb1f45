import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { readArchive } from '../../libs/shared/src/stores/archive/parse-archive.js';
import type { StorePlace } from '../../libs/shared/src/stores/conformance/harness.js';
import { fillRedis, openRedisStore } from '../../libs/shared/src/stores/redis/index.js';
import { freshFolder } from './processes.js';

/** Keys of its own in a real Redis for a store under test. */
export async function redisPlace(hosts: readonly string[], masterName?: string): Promise<StorePlace> {
  const place = { hosts, db: 0, masterName, keyPrefix: `${randomUUID()}:` };
  const options = { place, acceptDataLoss: false, clock: Date, random: randomBytes };
  const folder = freshFolder('redis-backups');
  let backups = 0;
  return {
    open: () => openRedisStore(options),
    async restore(backup) {
      const filling = await fillRedis(options);
      await readArchive(backup, filling).finally(() => filling.close());
    },
    backupPath: () => join(folder, `${(backups += 1)}.knot`),
    destroy: async () => undefined,
  };
}
