import { randomBytes } from 'node:crypto';
import { isKnotError, toKnotError } from '@knot/shared/errors';
import { openMysqlStore } from '@knot/shared/mysql';
import type { Commit, Store } from '@knot/shared/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLossyCommitProxy, type LossyCommitProxy } from '../../tools/lossy-commit-proxy.js';
import { makeMysqlPlace, type MysqlPlace } from '../../tools/mysql-place.js';
import { sharedMariadb } from '../../tools/shared-mariadb.js';

const server = await sharedMariadb();

let place: MysqlPlace;
let proxy: LossyCommitProxy;
let store: Store;

beforeAll(async () => {
  proxy = await startLossyCommitProxy(server.port);
  place = await makeMysqlPlace(server, () => proxy.port);
  store = await place.open();
});

afterAll(async () => {
  await store.close();
  proxy.close();
});

const guard = (id: string, version?: number, logged = true): Commit => ({
  expect: version === undefined ? [] : [{ kind: 'guard', id, version }],
  writes: [{ put: 'guard', row: { id, touchedAt: 1 } }],
  log: logged ? [{ stream: 'events', kind: 'guard', id, op: 'put' }] : [],
});

describe('a commit whose connection breaks', () => {
  it.each([
    ['answer', true],
    ['answer', false],
    ['request', true],
    ['request', false],
  ] as const)('when the %s of COMMIT is lost (log: %s), is done once and said to be done', async (what, logged) => {
    const id = `${what}-${logged}`;
    const before = await store.head('events');
    const lost = proxy.lost;
    proxy.loseNext(what);
    // Version 0: done twice it would be refused.
    const { heads } = await store.commit(guard(id, 0, logged));
    expect(proxy.lost).toBe(lost + 1);
    expect((await store.get('guard', id))?.version).toBe(1);
    const head = await store.head('events');
    expect(head.rev).toBe(before.rev + (logged ? 1 : 0));
    if (logged) expect(heads.events).toEqual(head);
  });
});

describe('commits of two that get into each other', () => {
  it('are done again as a whole after a deadlock', async () => {
    await store.commit({ expect: [], writes: ['x', 'y'].flatMap((id) => guard(id).writes) });
    const pair = (first: string, second: string): Commit => ({
      expect: [],
      writes: [first, second].map((id) => ({ put: 'guard', row: { id, touchedAt: 2 } }) as const),
    });
    const both = Array.from({ length: 60 }, (_, n) => store.commit(n % 2 ? pair('x', 'y') : pair('y', 'x')));
    await Promise.all(both);
    expect((await store.get('guard', 'x'))?.version).toBe(61);
    expect((await store.get('guard', 'y'))?.version).toBe(61);
  });

  it('cannot both pass that each expect what the other writes', async () => {
    const swap = async (mine: string, other: string): Promise<string> => {
      const commit: Commit = {
        expect: [{ kind: 'guard', id: other, version: 0 }],
        writes: [{ put: 'guard', row: { id: mine, touchedAt: 1 } }],
      };
      return store.commit(commit).then(
        () => 'done',
        (error: unknown) => toKnotError(error).code,
      );
    };
    for (let turn = 0; turn < 25; turn += 1) {
      const codes = await Promise.all([swap(`a${turn}`, `b${turn}`), swap(`b${turn}`, `a${turn}`)]);
      expect(codes.toSorted()).toEqual(['done', 'store.conflict']);
    }
  });
});

describe('a database', () => {
  it('is refused with a sentence when another program has its tables there', async () => {
    const database = await server.freshDatabase();
    await server.sql(`CREATE TABLE ${database}.users (user_id CHAR(36))`, `CREATE TABLE ${database}.spaces (a INT)`);
    await expect(openAt(database)).rejects.toMatchObject({
      code: 'store.unavailable',
      message: `the database ${database} holds tables of another program (spaces, users)`,
    });
    expect((await server.sql(`SHOW TABLES IN ${database}`)).length).toBe(2);
  });

  it('is used on when a newer knot has added to it, whose columns stay, and refused when one has taken away', async () => {
    const other = await makeMysqlPlace(server);
    const store = await other.open();
    const { database } = other.account;
    const row = { id: 'one', requestHash: 'a', status: 200, response: null, createdAt: 1 };
    const put = (to: Store, status: number, version: number) =>
      to.commit({
        expect: [{ kind: 'idempotency', id: 'one', version }],
        writes: [{ put: 'idempotency', row: { ...row, status } }],
      });
    await put(store, 200, 0);
    await store.close();
    const table = `${database}.idempotency`;
    await server.sql(
      `INSERT INTO ${database}.migrations (timestamp, name) VALUES (9, 'Later9')`,
      `ALTER TABLE ${table} ADD COLUMN later varchar(9) NOT NULL DEFAULT 'new'`,
      `UPDATE ${table} SET later = 'kept'`,
    );
    const older = await other.open();
    await put(older, 201, (await older.get('idempotency', 'one'))?.version ?? 0);
    expect(await older.get('idempotency', 'one')).toMatchObject({ status: 201 });
    await older.close();
    expect(await server.sql(`SELECT status, later FROM ${table}`)).toEqual([{ status: 201, later: 'kept' }]);

    await server.sql(`INSERT INTO ${database}.migrations (timestamp, name) VALUES (10, 'LaterContract10')`);
    await expect(other.open()).rejects.toThrow('was written by a newer knot');
    await server.sql(
      `DELETE FROM ${database}.migrations WHERE name LIKE 'Later%'`,
      `ALTER TABLE ${table} DROP COLUMN later`,
    );
    await other.destroy();
  });

  it.each([
    [{ password: 'wrong' }, 'does not know this user and password'],
    [{ database: 'nowhere' }, 'there is no such database'],
  ])('that cannot be opened (%o) says why', async (change, sentence) => {
    const account = { ...place.account, ...change };
    await expect(place.openAs(account)).rejects.toThrow(sentence);
  });

  it('takes no more than its packet, says so, and goes on', async () => {
    const job = 'x'.repeat(17 * 1024 * 1024);
    const row = { id: 't:1', templateId: 't', number: 1, job, volumes: '', restart: 'always', exceptions: [] } as const;
    const template = { ...row, author: '', approvedBy: '', note: '', createdAt: 1 };
    const error = await store.commit({ expect: [], writes: [{ put: 'templateVersion', row: template }] }).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(isKnotError(error, 'input.too_large')).toBe(true);
    await store.commit(guard('after'));
  });

  it('tells the time of the server, not of this machine', async () => {
    const [row] = await server.sql('SELECT UNIX_TIMESTAMP(NOW(3)) * 1000 AS now');
    expect(Math.abs((await store.now()) - Number(row?.['now']))).toBeLessThan(60_000);
  });
});

describe('connections to the database', () => {
  const pooled = (limits: { maxOpen: number; maxIdle: number; lifetimeMs: number }) =>
    openMysqlStore({
      account: place.account,
      targets: () => Promise.resolve([place.target]),
      ...limits,
      clock: Date,
      random: (count) => randomBytes(count),
    });
  const ids = async () => {
    const rows = await server.sql(
      `SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = '${place.account.database}'`,
    );
    return rows.map(({ id }) => Number(id));
  };

  it('are never more than may be open, of which as many stay as may be idle', async () => {
    const others = await ids();
    const one = await pooled({ maxOpen: 3, maxIdle: 1, lifetimeMs: 0 });
    const own = async () => (await ids()).filter((id) => !others.includes(id));
    let most = 0;
    let running = true;
    const looking = (async () => {
      while (running) most = Math.max(most, (await own()).length);
    })();
    await Promise.all(Array.from({ length: 120 }, (_, n) => one.commit(guard(`pooled-${n}`))));
    running = false;
    await looking;
    expect(most).toBe(3);
    await expect.poll(own, { timeout: 60_000 }).toHaveLength(1);
    await one.close();
    await expect.poll(own, { timeout: 60_000 }).toEqual([]);
  });

  it('are renewed once they are older than they may be', async () => {
    const others = await ids();
    const one = await pooled({ maxOpen: 1, maxIdle: 1, lifetimeMs: 500 });
    const seen = new Set<number>();
    await expect
      .poll(
        async () => {
          await one.get('guard', 'pooled-1');
          for (const id of await ids()) if (!others.includes(id)) seen.add(id);
          return seen.size;
        },
        { timeout: 60_000 },
      )
      .toBeGreaterThan(1);
    await one.close();
  });
});

describe('a copy that lags, which takes the place of its original', () => {
  it('sends readers of what was lost to list again, though the revision was given out anew', async () => {
    const { database } = place.account;
    const copy = await server.freshDatabase();
    await store.commit(guard('before'));
    const common = await store.head('events');
    const tables = (await server.sql(`SHOW TABLES IN ${database}`)).flatMap((row) => Object.values(row).map(String));
    for (const table of tables) {
      await server.sql(
        `CREATE TABLE ${copy}.\`${table}\` LIKE ${database}.\`${table}\``,
        `INSERT INTO ${copy}.\`${table}\` SELECT * FROM ${database}.\`${table}\``,
      );
    }
    await store.commit(guard('lost'));
    const lost = await store.head('events');
    const successor = await openAt(copy);
    const read = (after: typeof lost): Promise<string> =>
      successor.log('events', after, 10).then(
        (entries) => entries.map(({ id }) => id).join(),
        (error: unknown) => toKnotError(error).code,
      );
    expect(await read(lost)).toBe('sync.relist');
    await successor.commit(guard('anew'));
    expect((await successor.head('events')).rev).toBe(lost.rev);
    expect(await read(lost)).toBe('sync.relist');
    expect(await read(common)).toBe('anew');
    await successor.close();
  });
});

const openAt = (database: string): Promise<Store> => place.openAs({ ...place.account, database });
