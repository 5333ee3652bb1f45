import { beforeAll, describe, expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { runKnot } from '../tools/processes.js';
import { mysqlKeys } from '../tools/mysql-keys.js';
import { sharedMariadb } from '../tools/shared-mariadb.js';

const server = await sharedMariadb();
let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin({ config: mysqlKeys(server, await server.freshDatabase()) });
  await startLeaf(origin, { location: 'lon', local: true });
  await locationReady(origin, 'lon', 'local');
});

/** The same keys by the environment. */
function environmentFor(database: string): Record<string, string> {
  const nameOf = (key: string) => `KNOT_${key.replace('server.', '').replaceAll('.', '_').toUpperCase()}`;
  return Object.fromEntries(
    Object.entries(mysqlKeys(server, database)).map(([key, value]) => [nameOf(key), `${value}`]),
  );
}

describe('an origin that keeps its data in MariaDB', () => {
  it('runs a wished space, finds all of it again when it is started anew, and deletes it', async () => {
    const { items } = await origin.api.request<{ items: { id: string; name: string }[] }>(
      'GET',
      '/templates?platform=local',
    );
    const hello = items.find(({ name }) => name === 'hello');
    const space = await origin.api.createSpace('first', hello?.id ?? '', 'lon');
    await origin.api.wish(space.id, 'start');
    await origin.api.phase(space.id, 'Running');

    expect((await origin.process.terminate()).code).toBe(0);
    origin = await origin.restart();
    await origin.api.phase(space.id, 'Running');
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped');
    await origin.api.deleteSpace(space);
    await origin.api.gone(space.id);
  });

  it('refuses a database with the tables of another program, in a sentence without the password', async () => {
    const foreign = await server.freshDatabase();
    await server.sql(`CREATE TABLE ${foreign}.templates (template_id CHAR(36))`);
    const env = environmentFor(foreign);
    const { code, output } = await runKnot(['server'], { env: { KNOT_LISTEN: 'http://127.0.0.1:0', ...env } });
    expect(code).not.toBe(0);
    expect(output).toContain(`the database ${foreign} holds tables of another program (templates)`);
    expect(output).not.toContain(server.password);
  });

  it('finds its tables made beforehand, by a command that changes nothing the second time', async () => {
    const database = await server.freshDatabase();
    const tables = async () =>
      (await server.sql(`SHOW TABLES IN ${database}`)).map((row) => Object.values(row).join('')).sort();
    const env = environmentFor(database);
    const migrate = () => runKnot(['admin', 'migrate'], { env, timeout: 90_000 });
    expect(await migrate()).toMatchObject({ code: 0, output: expect.stringContaining('The tables are up to date.') });
    const made = await tables();
    expect(made).toContain('space');
    expect((await migrate()).code).toBe(0);
    expect(await tables()).toEqual(made);
    const early = await startOrigin({ config: mysqlKeys(server, database) });
    expect(await early.api.spaces()).toEqual([]);
    expect((await early.process.terminate()).code).toBe(0);
  });
});
