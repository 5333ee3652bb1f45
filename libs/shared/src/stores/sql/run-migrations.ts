import { KnotError } from '../../errors/index.js';
import type { NodeSqlite } from './node-sqlite.js';

/** Runs statements, as TypeORM's QueryRunner does, of which migrations for SQLite use this much. */
export interface Queries {
  query(sql: string): Promise<unknown>;
}

/** A class as TypeORM's `MigrationInterface` has it, whose name ends with the time it was written, in ms. */
export interface Migration {
  readonly name: string;
  new (): {
    up(queries: Queries): Promise<unknown>;
    down(queries: Queries): Promise<unknown>;
  };
}

/** As TypeORM makes it, which wrote these lines for earlier versions of knot. */
const LINES = `CREATE TABLE IF NOT EXISTS "migrations"
  ("id" integer PRIMARY KEY AUTOINCREMENT NOT NULL, "timestamp" bigint NOT NULL, "name" varchar NOT NULL)`;

/** Names of what has run on this file, in that order. */
export function migrationsOf(db: NodeSqlite): string[] {
  if (db.get("SELECT 1 FROM sqlite_master WHERE name = 'migrations'") === undefined) return [];
  return db.all('SELECT "name" FROM "migrations" ORDER BY "id"').map(({ name }) => String(name));
}

/** Runs what has not run yet on this connection, all in one transaction. */
export async function runMigrations(db: NodeSqlite, migrations: readonly Migration[]): Promise<void> {
  const done = migrationsOf(db);
  const due = migrations.filter(({ name }) => !done.includes(name));
  if (due.length === 0) return;
  const queries: Queries = { query: (sql) => Promise.resolve(db.all(sql)) };
  db.run('BEGIN IMMEDIATE');
  try {
    db.run(LINES);
    for (const migration of due) {
      await new migration().up(queries);
      db.run('INSERT INTO "migrations" ("timestamp", "name") VALUES (?, ?)', timeOf(migration), migration.name);
    }
    db.run('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.run('ROLLBACK');
    throw error;
  }
}

function timeOf({ name }: Migration): number {
  const [time] = /\d{13}$/.exec(name) ?? [];
  if (time === undefined) throw new KnotError('internal', `the migration ${name} does not end with its time`);
  return Number(time);
}
