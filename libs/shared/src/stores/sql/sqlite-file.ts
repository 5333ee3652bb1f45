import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataSource, type MigrationInterface } from 'typeorm';
import { KnotError } from '../../errors/index.js';
import { lockFile, type FileLock } from './file-lock.js';
import { NodeSqlite } from './node-sqlite.js';
import { toStoreError } from './sqlite-errors.js';
import { WriteGate, type GatePoint } from './write-gate.js';

export interface SqliteSchema {
  readonly entities: readonly (new () => object)[];
  readonly migrations: readonly (new () => MigrationInterface)[];
}

/** An open database file that this process holds alone: one connection that writes through the gate, one that reads. */
export interface SqliteFile {
  readonly path: string;
  /** Entity metadata only: nothing is read or written by TypeORM once the migrations have run. */
  readonly source: DataSource;
  readonly writer: NodeSqlite;
  readonly reader: NodeSqlite;
  readonly gate: WriteGate;
  close(): Promise<void>;
}

export interface SqliteFileOptions {
  readonly path: string;
  readonly schema: SqliteSchema;
  /** Runs while the lock is held, before the file is opened; without it a newer file is refused. */
  readonly prepare?: () => Promise<void>;
  readonly probe?: (point: GatePoint) => void;
}

/** Opens, or makes, the file and brings its schema up to date. The file and its folder are for this user only. */
export async function openSqliteFile(options: SqliteFileOptions): Promise<SqliteFile> {
  const { path } = options;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw folderError(error, path);
  }
  const lock = lockFile(path);
  try {
    return await openLocked(options, lock);
  } catch (error) {
    lock.release();
    throw toStoreError(error, path);
  }
}

async function openLocked({ path, schema, prepare, probe }: SqliteFileOptions, lock: FileLock): Promise<SqliteFile> {
  if (prepare === undefined) refuseNewer(path, schema);
  else await prepare();
  const { source, writer } = await openMigrated(path, schema);
  try {
    const reader = new NodeSqlite(path, { readonly: true });
    const gate = new WriteGate(writer, probe);
    const close = async (): Promise<void> => {
      if (!source.isInitialized) return;
      gate.close();
      reader.close();
      await source.destroy();
      lock.release();
    };
    return { path, source, writer, reader, gate, close };
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

/** The file, made where it was not, with its schema up to date. The caller holds its lock. */
export async function openMigrated(
  path: string,
  schema: SqliteSchema,
): Promise<{ source: DataSource; writer: NodeSqlite }> {
  await createPrivately(path);
  const opened = await openSource(path, schema);
  try {
    await opened.source.runMigrations({ transaction: 'all' });
    return opened;
  } catch (error) {
    await opened.source.destroy();
    throw error;
  }
}

async function openSource(path: string, schema: SqliteSchema): Promise<{ source: DataSource; writer: NodeSqlite }> {
  const opened: NodeSqlite[] = [];
  const source = new DataSource({
    type: 'better-sqlite3',
    driver: NodeSqlite,
    database: path,
    entities: [...schema.entities],
    migrations: [...schema.migrations],
    prepareDatabase: (db: NodeSqlite) => {
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      // What a long backup made the write-ahead file grow to is given back.
      db.exec('PRAGMA journal_size_limit = 67108864');
      opened.push(db);
    },
  });
  await source.initialize();
  const [writer] = opened;
  if (writer === undefined) throw new KnotError('internal', 'TypeORM opened no connection');
  return { source, writer };
}

/** True when a program that knows further migrations than these has written the file. */
export function isNewerFile(path: string, schema: SqliteSchema): boolean {
  if (!existsSync(path)) return false;
  const db = new NodeSqlite(path);
  try {
    if (db.get("SELECT 1 FROM sqlite_master WHERE name = 'migrations'") === undefined) return false;
    const known = new Set(schema.migrations.map((migration) => migration.name));
    return db.all('SELECT name FROM migrations').some(({ name }) => !known.has(String(name)));
  } finally {
    db.close();
  }
}

function refuseNewer(path: string, schema: SqliteSchema): void {
  if (!isNewerFile(path, schema)) return;
  throw new KnotError(
    'store.unavailable',
    `${path} was written by a newer knot`,
    'Run that version again, or put back a backup made before the upgrade.',
  );
}

async function createPrivately(path: string): Promise<void> {
  try {
    const file = await open(path, 'a', 0o600);
    await file.close();
  } catch (error) {
    throw folderError(error, path);
  }
}

function folderError(error: unknown, path: string): KnotError {
  const text = error instanceof Error ? error.message : String(error);
  const hint = 'Check that its folder exists and that this user may write there.';
  return new KnotError('store.unavailable', `${path} cannot be opened: ${text}`, hint, {}, { cause: error });
}
