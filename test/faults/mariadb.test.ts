import { setTimeout as pause } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiProblem } from '../tools/api-client.js';
import { startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { startMariadb, type Mariadb } from '../tools/mariadb.js';
import { mysqlKeys } from '../tools/mysql-keys.js';

const PATIENCE = { timeout: 90_000 };
let server: Mariadb;
let origin: Origin;
let database: string;
let hello: string;

beforeAll(async () => {
  server = await startMariadb();
  database = await server.freshDatabase();
  // No administrator of the server: one such may write where it is read-only.
  await server.sql(`CREATE USER knot IDENTIFIED BY 'a-password'`, `GRANT ALL ON ${database}.* TO knot`);
  const account = { ...server, user: 'knot', password: 'a-password' };
  origin = await startOrigin({ config: mysqlKeys(account, database) });
  const { items } = await origin.api.request<{ items: { id: string; name: string }[] }>(
    'GET',
    '/templates?platform=local',
  );
  hello = items.find(({ name }) => name === 'hello')?.id ?? '';
});

afterAll(() => server?.stop());

/** 201, the status of a refusal, or 0 when nobody answered. */
async function create(name: string): Promise<number> {
  const headers = { 'idempotency-key': `key-of-${name}` };
  try {
    await origin.api.request('POST', '/spaces', { name, templateId: hello, location: 'home' }, headers);
    return 201;
  } catch (error) {
    return error instanceof ApiProblem ? error.status : 0;
  }
}

/** Since the server began. */
async function connectionsMade(): Promise<number> {
  const [row] = await server.sql("SHOW GLOBAL STATUS LIKE 'Connections'");
  return Number(row?.['Value']);
}

const names = async (): Promise<string[]> => (await origin.api.spaces()).map(({ name }) => name);

describe('an origin whose MariaDB', () => {
  it('is killed and started again has all it acknowledged, once, and goes on', async () => {
    const done = new AbortController();
    const created: string[] = [];
    const strange: string[] = [];
    const worker = async (letter: string) => {
      for (let turn = 0; !done.signal.aborted; turn += 1) {
        const name = `${letter}${turn}`;
        const status = await eventually(
          () => create(name),
          (seen) => seen === 201 || ![0, 503].includes(seen),
          {
            ...PATIENCE,
            what: `an answer to ${name}`,
          },
        );
        if (status === 201) created.push(name);
        else strange.push(`${name}: ${status}`);
        await pause(50);
      }
    };
    const workers = Promise.all(['a', 'b', 'c'].map(worker));
    await eventually(() => created.length > 10, Boolean, PATIENCE);
    await server.down();
    await pause(1_500);
    await server.up();
    const before = created.length;
    await eventually(() => created.length > before + 10, Boolean, PATIENCE);
    done.abort();
    await workers;
    expect(strange).toEqual([]);
    expect((await names()).filter((name) => created.includes(name)).toSorted()).toEqual(created.toSorted());
  });

  it('is read-only for a while still reads, refuses writes with 503, and goes on', async () => {
    await server.sql('SET GLOBAL read_only = 1');
    const [begun, before] = [performance.now(), await connectionsMade()];
    expect(await create('readonly')).toBe(503);
    // Somebody may have taken its place, which is no reason to dial without end.
    expect((await connectionsMade()) - before).toBeLessThan((6 * (performance.now() - begun)) / 1_000);
    expect(await names()).not.toContain('readonly');
    await server.sql('SET GLOBAL read_only = 0');
    await eventually(
      () => create('readonly'),
      (status) => status === 201,
      PATIENCE,
    );
  });

  it('keeps a lock on the counter longer than one may wait does the commit again, once', async () => {
    const { host, port, user, password } = server;
    const other = await createConnection({ host, port, user, password, database });
    await other.query('START TRANSACTION');
    await other.query("SELECT * FROM stream_head WHERE stream = 'events' FOR UPDATE");
    const creating = create('locked');
    await pause(7_000);
    await other.query('COMMIT');
    other.destroy();
    expect(await creating).toBe(201);
    expect((await names()).filter((name) => name === 'locked')).toHaveLength(1);
  });
});
