import { DataSource } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { LEAF_ENTITIES } from '../../entities/leaf-entities.js';
import { MAIN_ENTITIES } from '../../entities/main-entities.js';
import { typeormEntities } from '../../entities/typeorm-entities.js';
import { LEAF_MIGRATIONS } from '../../migrations/sqlite/leaf-migrations.js';
import { MAIN_MIGRATIONS } from '../../migrations/sqlite/main-migrations.js';
import { INDEXES } from '../store.js';
import { NodeSqlite } from './node-sqlite.js';
import type { Migration } from './run-migrations.js';

interface Schema {
  readonly entities: readonly (new () => object)[];
  readonly migrations: readonly Migration[];
}

const MAIN: Schema = { entities: MAIN_ENTITIES, migrations: MAIN_MIGRATIONS };
const LEAF: Schema = { entities: LEAF_ENTITIES, migrations: LEAF_MIGRATIONS };

async function migrated(schema: Schema): Promise<DataSource> {
  const [entities, migrations] = [typeormEntities(schema.entities), [...schema.migrations]];
  const source = new DataSource({
    type: 'better-sqlite3',
    driver: NodeSqlite,
    database: ':memory:',
    entities,
    migrations,
  });
  await source.initialize();
  await source.runMigrations({ transaction: 'all' });
  return source;
}

describe.each([
  ['the main store', MAIN],
  ['a leaf', LEAF],
] as const)('the schema of %s', (_, schema) => {
  it('is after all migrations what the entities say', async () => {
    const source = await migrated(schema);
    // What would have to be added to a new migration.
    const missing = await source.driver.createSchemaBuilder().log();
    expect(missing.upQueries.map((query) => query.query)).toEqual([]);
    await source.destroy();
  });

  it('is empty again when each migration is undone', async () => {
    const source = await migrated(schema);
    for (const _migration of schema.migrations) await source.undoLastMigration();
    const left: unknown = await source.query(
      `SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'migrations'`,
    );
    expect(left).toEqual([]);
    await source.destroy();
  });
});

it('indexes each field by which a kind is filtered or sorted', async () => {
  const source = await migrated(MAIN);
  const indexes: unknown = await source.query(
    `SELECT count(*) AS count FROM sqlite_master WHERE name LIKE '%\\_by\\_%' ESCAPE '\\'`,
  );
  expect(indexes).toEqual([{ count: Object.values(INDEXES).flat().length }]);
  await source.destroy();
});
