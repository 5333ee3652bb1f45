import { describe, expect, it } from 'vitest';
import { MAIN_MIGRATIONS } from '../../migrations/sqlite/main-migrations.js';
import { KINDS, sampleRow } from '../conformance/sample-rows.js';
import type { Kind } from '../rows.js';
import { NodeSqlite, type SqlRecord } from './node-sqlite.js';
import { rowCodecs, type RowCodec } from './row-codec.js';
import { migrationsOf, runMigrations } from './run-migrations.js';
import { SQLITE } from './sqlite-dialect.js';

const codecs = rowCodecs(SQLITE);

async function migratedUpTo(count: number): Promise<NodeSqlite> {
  const db = new NodeSqlite(':memory:');
  await runMigrations(db, MAIN_MIGRATIONS.slice(0, count));
  return db;
}

function putSample<K extends Kind>(db: NodeSqlite, kind: K): void {
  const codec: RowCodec<K> = codecs[kind];
  db.run(codec.sql.upsert, ...codec.encode(sampleRow(kind, 'one')));
}

/** Names, types and defaults of what a database has, in no order of columns: one that is added later stands last. */
function schemaOf(db: NodeSqlite): Record<string, unknown> {
  const objects = db.all(
    "SELECT name, type, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name",
  );
  const columns = (table: string) =>
    db
      .all(`SELECT name, type, "notnull", pk FROM pragma_table_info('${table}') ORDER BY name`)
      .map((row) => ({ ...row }));
  return Object.fromEntries(
    objects.map(({ name, type, tbl_name: table }) => [
      `${String(type)} ${String(name)}`,
      type === 'table' ? columns(String(name)) : table,
    ]),
  );
}

const recordOf = (db: NodeSqlite, table: string): SqlRecord => ({
  ...db.get(`SELECT * FROM ${table} WHERE "id" = 'one'`),
});

describe('the main store of an earlier version', () => {
  const releases = MAIN_MIGRATIONS.slice(0, -1).map(({ name }, at) => [name, at + 1] as const);

  it.each(releases)(
    'as of %s has the schema of the present one after its migrations, and every value',
    async (_, count) => {
      const present = await migratedUpTo(MAIN_MIGRATIONS.length);
      const earlier = await migratedUpTo(count);
      const kept = new Map<Kind, SqlRecord>();
      for (const kind of KINDS) {
        putSample(present, kind);
        const { table } = codecs[kind];
        const record = recordOf(present, table);
        const columns = earlier
          .all(`SELECT name FROM pragma_table_info(${table.replaceAll('"', "'")})`)
          .map(({ name }) => String(name));
        if (columns.length === 0) continue;
        const named = columns.map((column) => `"${column}"`).join(', ');
        const values = columns.map((column) => record[column] ?? null);
        earlier.run(`INSERT INTO ${table} (${named}) VALUES (${columns.map(() => '?').join(', ')})`, ...values);
        kept.set(kind, Object.fromEntries(columns.map((column, at) => [column, values[at] ?? null])));
      }
      expect(kept.size).toBeGreaterThan(15);
      await runMigrations(earlier, MAIN_MIGRATIONS);
      expect(migrationsOf(earlier)).toEqual(MAIN_MIGRATIONS.map(({ name }) => name));
      expect(schemaOf(earlier)).toEqual(schemaOf(present));
      for (const [kind, record] of kept) {
        const after = recordOf(earlier, codecs[kind].table);
        expect(after, kind).toMatchObject(record);
        expect(codecs[kind].decode(after), kind).toMatchObject({ id: 'one' });
      }
      for (const db of [present, earlier]) db.close();
    },
  );
});
