import { expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { metric } from '../tools/metrics.js';
import { mysqlKeys } from '../tools/mysql-keys.js';
import { freshFolder } from '../tools/processes.js';
import { sharedMariadb } from '../tools/shared-mariadb.js';
import { startTcpProxy } from '../tools/tcp-proxy.js';
import { localSite, weather, type Arena } from './matrix/arena.js';
import { newName, PATIENCE_MS, People } from './matrix/people.js';
import { tellOutcome } from './matrix/tell-outcome.js';

const mariadb = await sharedMariadb();

it('a copy that lags takes the place of MariaDB: its revisions are given out anew, and the leaf lists once', async () => {
  const [database, copy, gone] = [
    await mariadb.freshDatabase(),
    await mariadb.freshDatabase(),
    await mariadb.freshDatabase(),
  ];
  const wire = await startTcpProxy(`tcp://${mariadb.host}:${mariadb.port}`);
  const origin = await startOrigin({ config: mysqlKeys({ ...mariadb, port: wire.port }, database) });
  const folder = freshFolder('spaces');
  const leaf = await startLeaf(origin, { location: 'lon', local: true, config: { 'server.local.path': folder } });
  await locationReady(origin, 'lon', 'local');
  const arena: Arena = { origin, leaf, location: 'lon', site: localSite(folder) };
  const people = new People(arena);
  const { job, volumes = '' } = arena.site;
  const { id: template } = await origin.api.createTemplate({
    name: newName('lagging'),
    platform: 'local',
    job,
    volumes,
  });
  const overtaken = await people.started(await people.make(newName('overtaken'), template, 'lon'));
  const relists = await metric(leaf.url, 'knot_leaf_relists_total');
  const appliedRev = async () => (await origin.api.location('lon')).appliedRev;

  const outcome = await weather(arena, {
    strike: async () => {
      await follow(copy, await tablesOf(database));
      const copied = await appliedRev();
      // What the copy never hears of, and the leaf has done by then.
      const { generation } = await origin.api.wish(overtaken.id, 'restart');
      await people.running(overtaken, generation);
      await eventually(appliedRev, (rev) => rev > copied, { timeout: PATIENCE_MS, what: 'the leaf to be ahead' });
      wire.cut();
      const tables = await tablesOf(database);
      const move = (from: string, to: string) => tables.map((table) => `${from}.\`${table}\` TO ${to}.\`${table}\``);
      await mariadb.sql(`RENAME TABLE ${[...move(database, gone), ...move(copy, database)].join(', ')}`);
      wire.pass();
    },
  });
  expect(await metric(leaf.url, 'knot_leaf_relists_total')).toBeGreaterThan(relists);
  const after = await people.running(overtaken);
  expect(after.restarts).toBe(overtaken.restarts);
  expect(await arena.site.live(after)).toBe(1);
  await people.delete(after);
  await people.gone(after);
  tellOutcome('Stores', 'MariaDB replaced by a copy that lags', outcome);

  async function follow(to: string, tables: readonly string[]): Promise<void> {
    for (const table of tables) {
      await mariadb.sql(
        `CREATE TABLE ${to}.\`${table}\` LIKE ${database}.\`${table}\``,
        `INSERT INTO ${to}.\`${table}\` SELECT * FROM ${database}.\`${table}\``,
      );
    }
  }
});

async function tablesOf(database: string): Promise<string[]> {
  return (await mariadb.sql(`SHOW TABLES IN ${database}`)).flatMap((row) => Object.values(row).map(String));
}
