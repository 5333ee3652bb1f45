import { describe, expect, it } from 'vitest';
import { codeOf, EVENTS, MAIN, putting, withStore, type StorePlace } from './harness.js';

export function describeRestore(makePlace: () => Promise<StorePlace>): void {
  describe('backup and restore', () => {
    const test = withStore(makePlace);

    it('copies one moment while commits go on', async () => {
      for (let index = 0; index < 300; index += 1) await test.store.commit(putting('guard', `${index}`, 0, [MAIN]));
      const path = test.place.backupPath();
      let running = true;
      const writing = (async () => {
        let count = 300;
        for (; running; count += 1) await test.store.commit(putting('guard', `${count}`, 0, [MAIN]));
        return count;
      })();
      await test.store.backup(path);
      running = false;
      const written = await writing;
      expect(await test.store.count('guard', {})).toBe(written);
      await test.store.close();
      await test.place.restore(path);
      const restored = await test.reopen();
      const copied = await restored.count('guard', {});
      expect(copied).toBeGreaterThanOrEqual(300);
      expect(copied).toBeLessThanOrEqual(written);
      // Log and rows are of the same moment.
      expect((await restored.head(MAIN)).rev).toBe(copied);
      expect(await restored.get('guard', `${copied - 1}`)).not.toBeNull();
    });

    it('does not write a backup over a file that is there', async () => {
      const path = test.place.backupPath();
      await test.store.backup(path);
      expect(await codeOf(test.store.backup(path))).toBe('input.invalid');
    });

    it('sends every reader to list again once an older backup was put back, also when revisions are used again', async () => {
      await test.store.commit(putting('guard', 'old', 0, [EVENTS]));
      const common = await test.store.head(EVENTS);
      const path = test.place.backupPath();
      await test.store.backup(path);
      await test.store.commit(putting('guard', 'lost', 0, [EVENTS]));
      const ahead = await test.store.head(EVENTS);
      await test.store.close();
      await test.place.restore(path);
      const restored = await test.reopen();
      expect(await restored.get('guard', 'lost')).toBeNull();
      expect(await codeOf(restored.log(EVENTS, ahead, 10))).toBe('sync.relist');
      await restored.commit(putting('guard', 'new', 0, [EVENTS]));
      await restored.commit(putting('guard', 'newer', 0, [EVENTS]));
      expect((await restored.head(EVENTS)).rev).toBeGreaterThan(ahead.rev);
      expect(await codeOf(restored.log(EVENTS, ahead, 10))).toBe('sync.relist');
      expect(await codeOf(restored.log(EVENTS, common, 10))).toBe('sync.relist');
    });
  });
}
