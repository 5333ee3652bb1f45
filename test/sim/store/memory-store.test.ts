import { createUuidV7, systemRandom } from '@knot/shared';
import { describeStore } from '../../../libs/shared/src/stores/store-conformance.js';
import { OriginDisk } from './disk.js';
import { MemoryStore } from './memory-store.js';

describeStore('the store of the simulation', async () => {
  const disk = new OriginDisk();
  const newId = createUuidV7(Date, systemRandom);
  let backups = 0;
  return {
    open: async () =>
      new MemoryStore({
        disk,
        clock: Date,
        newId,
        nonce: newId,
        schedule: async (write) => {
          await new Promise((resolve) => setImmediate(resolve));
          write();
        },
      }),
    restore: async (backup) => {
      const content = disk.backups.get(backup);
      if (content) disk.restore(content);
    },
    backupPath: () => `backup-${++backups}`,
    destroy: async () => undefined,
  };
});
