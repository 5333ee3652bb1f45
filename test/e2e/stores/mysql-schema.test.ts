import { mysqlSource, widenColumns } from '@knot/shared/mysql';
import { INDEXES } from '@knot/shared/store';
import { expect, it } from 'vitest';
import { writeOf } from '../../../libs/shared/src/stores/conformance/harness.js';
import { KINDS, sampleRow } from '../../../libs/shared/src/stores/conformance/sample-rows.js';
import { makeMysqlPlace } from '../../tools/mysql-place.js';
import { sharedMariadb } from '../../tools/shared-mariadb.js';

const server = await sharedMariadb();

async function migrated() {
  const place = await makeMysqlPlace(server);
  await (await place.open()).close();
  const source = mysqlSource(place.account, place.target);
  await source.initialize();
  return { source, place, database: place.account.database };
}

it('is after all migrations what the entities say, and compares text by its bytes', async () => {
  const { source, database } = await migrated();
  widenColumns(source);
  // What would have to be added to a new migration.
  const missing = await source.driver.createSchemaBuilder().log();
  expect(missing.upQueries.map((query) => query.query)).toEqual([]);
  await source.destroy();
  const collations = await server.sql(
    `SELECT DISTINCT COLLATION_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '${database}'
     AND COLLATION_NAME IS NOT NULL AND TABLE_NAME <> 'migrations'`,
  );
  expect(collations).toEqual([{ name: 'utf8mb4_nopad_bin' }]);
  const indexes = await server.sql(
    `SELECT COUNT(DISTINCT INDEX_NAME) AS count FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = '${database}'
     AND INDEX_NAME LIKE '%\\_by\\_%'`,
  );
  expect(indexes).toEqual([{ count: Object.values(INDEXES).flat().length }]);
});

it('is the same when it comes from the data of the first release, of which every value stands', async () => {
  const { source, database, place } = await migrated();
  const filled = await place.open();
  await filled.commit({ expect: [], writes: KINDS.map((kind) => writeOf(kind, sampleRow(kind, 'one'))) });
  await filled.close();
  for (const _later of source.migrations.slice(1)) await source.undoLastMigration({ transaction: 'none' });
  const old = await server.sql(
    `SELECT TABLE_NAME AS name, COLUMN_NAME AS field FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = '${database}'`,
  );
  const store = await place.open();
  const kept: string[] = [];
  for (const kind of KINDS) {
    const table = kind.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const fields = old.flatMap(({ name, field }) => (name === table ? [String(field)] : []));
    if (fields.length === 0) continue;
    kept.push(kind);
    const pick = (row: object | null) => Object.entries(row ?? {}).filter(([field]) => fields.includes(field));
    const row = await store.get(kind, 'one');
    expect(Object.fromEntries(pick(row)), kind).toEqual({
      ...Object.fromEntries(pick(sampleRow(kind, 'one'))),
      version: 1,
    });
  }
  expect(kept).toEqual(expect.arrayContaining(['user', 'space', 'template', 'snapshot', 'variable', 'audit']));
  await store.close();
  widenColumns(source);
  const missing = await source.driver.createSchemaBuilder().log();
  expect(missing.upQueries.map((query) => query.query)).toEqual([]);
  await source.destroy();
});

it('is empty again when each migration is undone, and whole again when one was cut off', async () => {
  const { source, database } = await migrated();
  for (const _migration of source.migrations) await source.undoLastMigration({ transaction: 'none' });
  const left = async () =>
    (await server.sql(`SHOW TABLES IN ${database}`))
      .flatMap((row) => Object.values(row))
      .filter((name) => name !== 'migrations');
  expect(await left()).toEqual([]);
  await server.sql(`CREATE TABLE ${database}.change_log (stream varchar(255) PRIMARY KEY)`);
  await server.sql(`DROP TABLE ${database}.change_log`);
  await source.runMigrations({ transaction: 'none' });
  // As if the first had died before it was written down: MySQL keeps what it had made.
  await server.sql(`DELETE FROM ${database}.migrations`);
  await source.runMigrations({ transaction: 'none' });
  expect((await left()).length).toBeGreaterThan(20);
  await source.destroy();
});
