import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { openRedisStore } from '../../libs/shared/src/stores/redis/index.js';
import { sampleRow } from '../../libs/shared/src/stores/conformance/sample-rows.js';
import { describeStore } from '../../libs/shared/src/stores/store-conformance.js';
import { redisPlace } from '../tools/redis-place.js';
import { startRedis, type RedisServer } from '../tools/redis.js';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis();
});

describeStore('the store in Redis', () => redisPlace([redis.host]));

describe('a Redis that is the store', () => {
  const open = (server: RedisServer, changes: { keyPrefix?: string; acceptDataLoss?: boolean } = {}) => {
    const { keyPrefix = 'x:', acceptDataLoss = false } = changes;
    const place = { hosts: [server.host], db: 0, keyPrefix };
    return openRedisStore({ place, acceptDataLoss, clock: Date, random: randomBytes });
  };
  const guard = (id: string) => ({ put: 'guard', row: { id, touchedAt: 1 } }) as const;

  it('is refused while it could drop data or keeps no file, and says what to set', async () => {
    const careless = await startRedis({ config: { appendonly: 'no', 'maxmemory-policy': 'allkeys-lru' } });
    await expect(open(careless)).rejects.toMatchObject({
      code: 'config.invalid',
      hint: expect.stringMatching(/maxmemory-policy noeviction/),
    });
    careless.ask('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    await expect(open(careless)).rejects.toMatchObject({
      code: 'config.invalid',
      hint: expect.stringMatching(/appendonly yes/),
    });
    const store = await open(careless, { acceptDataLoss: true });
    expect(store.findings).toEqual([expect.stringContaining('keeps no append-only file')]);
    await store.close();
  });

  it('gives with the log the rows that it names and whose they are, as log and getMany give them', async () => {
    const store = await open(redis, { keyPrefix: 'rows:' });
    const ids = Array.from({ length: 450 }, (_, at) => `s${at}`);
    const stream = 'location:lon' as const;
    const after = await store.head(stream);
    const users = ['ann', 'bob', 'nobody'].map((id) => ({ put: 'user', row: sampleRow('user', id) }) as const);
    await store.commit({ expect: [], writes: users.slice(0, 2) });
    const spaces = ids.map((id, at) => {
      const row = sampleRow('space', id, { ownerId: at % 2 ? 'ann' : 'nobody', sharedWith: at % 3 ? [] : ['bob'] });
      return { put: 'space', row } as const;
    });
    const log = ids.map((id) => ({ stream, kind: 'space', id, op: 'put' }) as const);
    await store.commit({ expect: [], writes: spaces, log });
    await store.commit({
      expect: [],
      writes: [{ delete: 'space', id: 's7' }, guard('x')],
      log: [{ stream, kind: 'space', id: 's7', op: 'delete' }],
    });
    const read = await store.logWithRows?.(stream, after, 500);
    expect(read?.entries).toEqual(await store.log(stream, after, 500));
    redis.ask('HDEL', 'rows:{knot}:r:space', 's9');
    for (const [kind, wanted, found] of [
      ['space', ids, 449],
      ['user', ['ann', 'bob', 'nobody', 'ann'], 2],
      ['guard', ['x', 'y'], 1],
    ] as const) {
      const rows = (await read?.rows.getMany(kind, wanted)) ?? [];
      expect(rows).toHaveLength(found);
      const present = await store.getMany(kind, wanted);
      expect(
        rows
          .filter(({ id }) => id !== 's9')
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(present.map(({ id }) => id).toSorted());
      expect(rows).toEqual(expect.arrayContaining([...present]));
    }
    await expect(store.logWithRows?.(stream, { ...after, epoch: 'another' }, 5)).rejects.toMatchObject({
      code: 'sync.relist',
    });
    await store.close();
  });

  it('keeps to its database and prefix beside another installation, and is not had without the password', async () => {
    const password = 'a-password-of-the-store';
    const shared = await startRedis({ config: { requirepass: password } });
    const ask = (...command: string[]) => shared.ask('--no-auth-warning', '-a', password, ...command);
    const openAt = (place: { db: number; keyPrefix: string; password?: string }) =>
      openRedisStore({
        place: { hosts: [shared.host], ...place },
        acceptDataLoss: false,
        clock: Date,
        random: randomBytes,
      });
    await expect(openAt({ db: 3, keyPrefix: 'a:' })).rejects.toMatchObject({
      code: 'store.unavailable',
      message: expect.stringContaining('Redis refused the password'),
    });
    const places = [
      { db: 3, keyPrefix: 'a:', password },
      { db: 3, keyPrefix: 'b:', password },
      { db: 4, keyPrefix: 'a:', password },
    ];
    const stores = await Promise.all(places.map(openAt));
    for (const [at, store] of stores.entries()) await store.commit({ expect: [], writes: [guard(`of-${at}`)] });
    for (const [at, store] of stores.entries()) {
      expect((await store.page('guard', { limit: 5 })).rows.map(({ id }) => id)).toEqual([`of-${at}`]);
      await store.close();
    }
    expect(ask('DBSIZE').trim()).toBe('0');
    const keys = ask('-n', '3', 'KEYS', '*').trim().split('\n');
    expect(keys.filter((key) => !/^[ab]:\{knot\}:/.test(key))).toEqual([]);
  });

  it('tells of the window that appendfsync leaves open', async () => {
    const everySecond = await startRedis({ config: { appendfsync: 'everysec' } });
    const store = await open(everySecond);
    expect(store.findings).toEqual([expect.stringContaining('up to one second')]);
    await store.close();
  });

  it('waits for a Redis that is killed and comes back, and commits once', async () => {
    const mortal = await startRedis();
    const store = await open(mortal);
    const acknowledged: string[] = [];
    let running = true;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let turn = 0; running; turn += 1) {
        const id = `${writer}/${turn}`;
        // A commit that was applied and asked again would be refused here.
        await store.commit({
          expect: [{ kind: 'guard', id, version: 0 }],
          writes: [guard(id)],
          log: [{ stream: 'events', kind: 'guard', id, op: 'put' }],
        });
        acknowledged.push(id);
      }
    });
    for (let kill = 0; kill < 3; kill += 1) {
      const before = acknowledged.length;
      await expect.poll(() => acknowledged.length, { timeout: 60_000 }).toBeGreaterThan(before + 50);
      await mortal.down();
      await mortal.up();
    }
    running = false;
    await Promise.all(writers);
    const rows = await store.getMany('guard', acknowledged);
    expect(rows.map((row) => row.id).sort()).toEqual([...acknowledged].sort());
    expect(rows.every((row) => row.version === 1)).toBe(true);
    expect((await store.head('events')).rev).toBe(acknowledged.length);
    await store.close();
  });

  it('refuses to write where its data are gone, or another store was only half restored', async () => {
    const emptied = await startRedis();
    const store = await open(emptied);
    await store.commit({ expect: [], writes: [guard('a')] });
    emptied.ask('FLUSHALL');
    const lost = { code: 'store.unavailable', message: expect.stringMatching(/no longer holds the data/) };
    await expect(store.commit({ expect: [], writes: [guard('b')] })).rejects.toMatchObject(lost);
    await store.close();
    emptied.ask('SET', 'x:{knot}:filling', '1');
    await expect(open(emptied)).rejects.toMatchObject({
      code: 'state.refused',
      hint: expect.stringMatching(/knot admin restore/),
    });
  });

  it('says that memory is full, leaves nothing half written, and goes on when there is room', async () => {
    const small = await startRedis();
    const store = await open(small);
    const value = 'x'.repeat(200_000);
    small.ask('CONFIG', 'SET', 'maxmemory', '4mb');
    const fill = async () => {
      for (let at = 0; at < 100; at += 1) {
        const writes = [{ put: 'secret', row: { id: `${at}`, value } }, guard(`${at}`)] as const;
        await store.commit({ expect: [], writes });
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'store.unavailable', hint: expect.stringMatching(/maxmemory/) });
    expect(await store.count('secret', {})).toBe(await store.count('guard', {}));
    small.ask('CONFIG', 'SET', 'maxmemory', '0');
    await store.commit({ expect: [], writes: [guard('again')] });
    await store.close();
  });

  it('gives rows of an older knot the values their later fields were given, and finds them by new indexes', async () => {
    const older = await startRedis();
    const first = await open(older);
    const row = {
      id: 't',
      name: 'go',
      description: '',
      platform: 'nomad',
      present: 1,
      groups: [],
      locations: [],
      computeUnits: 0,
      storageUnits: 0,
      schedule: null,
      ports: [],
      createdAt: 1,
      updatedAt: 1,
    } as const;
    await first.commit({ expect: [], writes: [{ put: 'template', row }] });
    await first.close();
    // As a knot wrote it that did not know two of the fields, and sorted and searched by nothing.
    const old = '{"id":"t","name":"go","platform":"nomad","present":1,"createdAt":1}';
    older.ask('HSET', 'x:{knot}:r:template', 't', `1\n${old}`);
    older.ask('HSET', 'x:{knot}:h:template', 't', '1\n{}');
    older.ask('DEL', 'x:{knot}:i:template:name', 'x:{knot}:i:template:platform', 'x:{knot}:i:template:createdAt');
    older.ask('SET', 'x:{knot}:indexes', 'space.name');
    const again = await open(older);
    expect(await again.get('template', 't')).toEqual({ ...row, version: 1, updatedAt: 0 });
    const page = await again.page('template', {
      where: { platform: 'nomad' },
      search: 'G',
      sort: { field: 'name' },
      limit: 5,
    });
    expect(page.rows.map(({ id }) => id)).toEqual(['t']);
    await again.close();
    older.ask('APPEND', 'x:{knot}:indexes', ' template.newer');
    await expect(open(older)).rejects.toMatchObject({ message: expect.stringMatching(/written by a newer knot/) });
  });
});
