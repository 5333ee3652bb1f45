import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256Hex } from '@knot/shared';
import type { SessionRow, Store } from '@knot/shared/store';
import { makeSqlitePlace, type SqlitePlace } from '../../libs/shared/src/stores/sql/sqlite-place.js';
import { Throttle } from '../../apps/origin/src/identity/throttle.js';
import { storeBesideRedis } from '../../libs/shared/src/stores/redis/index.js';
import { ADMINISTRATOR, startOrigin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { startRedis, type RedisServer } from '../tools/redis.js';

let redis: RedisServer;

beforeAll(async () => {
  redis = await startRedis({ config: { appendonly: 'no', 'maxmemory-policy': 'allkeys-lru' } });
});

const session = (id: string): Omit<SessionRow, 'version'> => {
  return { id, userId: 'u', createdAt: 1, expiresAt: 2, address: '::1', userAgent: 'curl' };
};

describe('two origins with Redis beside their store', () => {
  let place: SqlitePlace;
  let main: Store;
  let stores: ReturnType<typeof storeBesideRedis>[] = [];

  beforeEach(async () => {
    place = await makeSqlitePlace();
    main = await place.open();
    // One SQLite file is held by one process: here both origins are in it.
    const keyPrefix = `${randomUUID()}:`;
    const at = { hosts: [redis.host], db: 0, keyPrefix };
    stores = ['a', 'b'].map((name) => storeBesideRedis(main, at, name));
    await redis.up();
  });

  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await place.destroy();
    await redis.up();
  });

  const [first, second] = [() => stores[0] ?? main, () => stores[1] ?? main];
  const put = (id: string) => first().commit({ expect: [], writes: [{ put: 'session', row: session(id) }] });
  const end = (id: string) => second().commit({ expect: [], writes: [{ delete: 'session', id }] });

  it('take a session from Redis, and see at once that it was ended by the other', async () => {
    await put('s');
    await eventually(
      async () => {
        await first().get('session', 's');
        return redis.ask('KEYS', '*session:s');
      },
      (keys) => keys.trim() !== '' && redis.ask('GET', keys.trim()).includes('curl'),
      { timeout: 90_000, what: 'the session in the cache' },
    );
    expect(await first().get('session', 's')).toEqual({ ...session('s'), version: 1 });
    await end('s');
    expect([await first().get('session', 's'), await second().get('session', 's')]).toEqual([null, null]);
  });

  /** How many of ten attempts at one account, at both origins at once, were let in, and how many the store has counted. */
  async function attempts() {
    const limits = [{ key: randomUUID(), failures: 5 }];
    const throttles = [first(), second()].map((store) => new Throttle(store, Date));
    const begun = throttles.flatMap((throttle) => Array.from({ length: 5 }, () => throttle.begin(limits)));
    const outcomes = await Promise.allSettled(begun);
    const [row] = await main.getMany('throttle', [sha256Hex(limits[0]?.key ?? '')]);
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    return { letIn: outcomes.length - refusals.length, refusals, inStore: row?.count ?? 0, limits, throttles };
  }

  it('count attempts together in Redis, and the store has nothing of it', async () => {
    // A Redis that takes longer than is waited for is one that is away: then it is tried anew.
    const { letIn, refusals, limits, throttles } = await eventually(attempts, ({ inStore }) => inStore === 0, {
      timeout: 90_000,
      what: 'ten attempts that Redis has counted',
    });
    expect(letIn).toBe(5);
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ code: 'auth.throttled', details: { retryAfter: expect.any(Number) } });
      expect(refusal.details.retryAfter).toBeGreaterThan(600);
      expect(refusal.details.retryAfter).toBeLessThanOrEqual(900);
    }
    await throttles[0]?.succeed(limits);
    const key = redis.ask('KEYS', `*count:${sha256Hex(limits[0]?.key ?? '')}`).trim();
    expect(['4', '5']).toContain(redis.ask('GET', key).trim());
    expect(Number(redis.ask('PTTL', key))).toBeGreaterThan(600_000);
  });

  it.each(['down', 'freeze'] as const)('count attempts together in the store while Redis is %s', async (how) => {
    if (how === 'down') await redis.down();
    else redis.freeze();
    expect(await attempts()).toMatchObject({ letIn: 5, inStore: 5 });
    redis.thaw();
  });

  it('wake one another', async () => {
    let woken = 0;
    second().onCommit(() => (woken += 1));
    const log = [{ stream: 'location:lon', kind: 'space', id: 'x', op: 'put' }] as const;
    let commits = 0;
    await eventually(
      async () => {
        await first().commit({ expect: [], writes: [], log });
        return woken - (commits += 1);
      },
      // Each commit is told once by the store itself, which both share here; any more came by Redis.
      (byRedis) => byRedis > 0,
      { timeout: 60_000, what: 'a wake-up through Redis' },
    );
  });

  it.each(['down', 'freeze'] as const)('read and end sessions all the same while Redis is %s', async (how) => {
    await put('s');
    await first().get('session', 's');
    if (how === 'down') await redis.down();
    else redis.freeze();
    expect(await first().get('session', 's')).toMatchObject({ userId: 'u' });
    await end('s');
    redis.thaw();
    await redis.up();
    await eventually(
      () => first().get('session', 's'),
      (row) => row === null,
      { timeout: 30_000, what: 'the ended session to be gone from the cache as well' },
    );
  });
});

it('an origin with SQLite and Redis signs nobody out and holds guessers off when Redis is killed under load', async () => {
  const config = { 'server.redis.enabled': true, 'server.redis.hosts': [redis.host], 'server.badgerdb.enabled': true };
  const origin = await startOrigin({ config });
  const { username, password } = ADMINISTRATOR;
  const signIn = (body: { username: string; password: string }) =>
    fetch(`${origin.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const throttled = (guest: string) =>
    eventually(
      async () => (await signIn({ username: guest, password: 'a guess' })).status,
      (status) => status === 429,
      { timeout: 60_000, interval: 1, what: 'a guesser to be held off' },
    );
  await throttled('eve');
  expect(redis.ask('KEYS', '*beside:count:*')).not.toBe('');
  const login = await signIn({ username, password });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const statuses = new Map<number, number>();
  let running = true;
  const callers = Array.from({ length: 4 }, async () => {
    while (running) {
      const { status } = await fetch(`${origin.url}/api/v1/me`, { headers: { cookie } });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  });
  const answered = () => statuses.get(200) ?? 0;
  const strikes = [() => redis.down(), () => redis.up(), async () => redis.freeze(), async () => redis.thaw()];
  for (const strike of strikes) {
    const before = answered();
    await eventually(answered, (count) => count > before + 50, { timeout: 60_000, what: 'more answers' });
    await strike();
    if (strike === strikes[0]) await throttled('mallory');
  }
  running = false;
  await Promise.all(callers);
  expect([...statuses.keys()]).toEqual([200]);
});
