import { mysqlSource, widenColumns } from '@knot/shared/mysql';
import { INDEXES } from '@knot/shared/store';
import { expect, it } from 'vitest';
import { makeMysqlPlace } from '../../tools/mysql-place.js';
import { sharedMariadb } from '../../tools/shared-mariadb.js';

const server = await sharedMariadb();

async function migrated() {
  const place = await makeMysqlPlace(server);
  await (await place.open()).close();
  const source = mysqlSource(place.account, place.target);
  await source.initialize();
  return { source, database: place.account.database };
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
