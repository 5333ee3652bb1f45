import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, systemClock } from '@knot/shared';
import { openSqliteStore } from '@knot/shared/sqlite';
import type { Store } from '@knot/shared/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LeaderLease, type Fence } from './leader-lease.js';
import { OriginRegistry, type OriginSelf } from './origin-registry.js';

let folder: string;
let store: Store;
let ahead = 0;
const clock = {
  ...systemClock,
  now: () => systemClock.now() + ahead,
  monotonic: () => systemClock.monotonic() + ahead,
};

beforeEach(async () => {
  ahead = 0;
  folder = await mkdtemp(join(tmpdir(), 'knot-leader-'));
  store = await openSqliteStore({ file: join(folder, 'knot.db'), clock, random: randomBytes });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const fenced = async (fence: Fence, id: string): Promise<unknown> =>
  store.commit({ expect: [await fence()], writes: [{ put: 'guard', row: { id, touchedAt: 1 } }] });

describe('the leader', () => {
  it('is one at a time, and another when the work is done', async () => {
    const [one, two] = [new LeaderLease(store, clock, 'one', 'work'), new LeaderLease(store, clock, 'two', 'work')];
    const led = await one.lead(async (fence) => {
      expect(await two.lead(() => fenced(fence, 'never').then(() => undefined))).toBe(false);
      await fenced(fence, 'a');
    });
    expect(led).toBe(true);
    expect(await two.lead((fence) => fenced(fence, 'b').then(() => undefined))).toBe(true);
    expect(await store.get('guard', 'never')).toBeNull();
    expect((await store.get('lease', '~work'))?.term).toBe(2);
  });

  it('goes on over a long work, and stores nothing once it was overtaken', async () => {
    const [one, two] = [new LeaderLease(store, clock, 'one', 'work'), new LeaderLease(store, clock, 'two', 'work')];
    await one.lead(async (fence) => {
      for (const id of ['a', 'b', 'c']) {
        ahead += 20_000;
        await fenced(fence, id);
      }
      const stale = await fence();
      ahead += 60_000;
      await two.lead((other) => fenced(other, 'd').then(() => undefined));
      const late = store.commit({ expect: [stale], writes: [{ put: 'guard', row: { id: 'e', touchedAt: 1 } }] });
      await expect(late).rejects.toMatchObject({ code: 'store.conflict' });
    });
    expect(await store.count('guard', {})).toBe(4);
  });
});

describe('origins on one store', () => {
  const logger = createLogger({ level: 'error', name: 'test', destination: { write: () => undefined } });
  const self: OriginSelf = { id: 'a', internalUrl: 'http://a:1', location: 'home', ownKey: false, programVersion: '1' };
  const registry = (change: Partial<OriginSelf>) => new OriginRegistry(store, clock, logger, { ...self, ...change });

  it('see one another until one is closed or has died', async () => {
    const [a, b] = [registry({}), registry({ id: 'b', internalUrl: 'http://b:1' })];
    await a.join();
    await b.join();
    expect((await a.others()).map(({ internalUrl }) => internalUrl)).toEqual(['http://b:1']);
    await b.close();
    expect(await a.others()).toEqual([]);
    ahead += 60_000;
    expect(await b.others()).toEqual([]);
    await a.close();
  });

  it('refuse who has another location or a key that is not common, but not one that comes again', async () => {
    const a = registry({});
    await a.join();
    await expect(registry({ id: 'b', location: 'host-b' }).join()).rejects.toThrow('this one has host-b');
    await expect(registry({ id: 'b', ownKey: true }).join()).rejects.toThrow('only one of them has');
    const again = registry({ location: 'renamed', ownKey: true });
    await again.join();
    await again.close();
    await a.close();
  });
});
