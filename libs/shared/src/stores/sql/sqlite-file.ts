import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KnotError } from '../../errors/index.js';
import { lockFile, type FileLock } from './file-lock.js';
import { NodeSqlite } from './node-sqlite.js';
import { migrationsOf, runMigrations, type Migration } from './run-migrations.js';
import { toStoreError } from './sqlite-errors.js';
import { WriteGate, type GatePoint } from './write-gate.js';

/**
 * An open database file that this process holds alone. One connection reads, and writes through the gate: a second one would
 * read its pages anew after each commit of the first.
 */
export interface SqliteFile {
  readonly path: string;
  readonly db: NodeSqlite;
  readonly gate: WriteGate;
  close(): Promise<void>;
}

/** kB of pages, instead of 2,000: what is not in it is in the system's cache of files. */
const CACHE = 'PRAGMA cache_size = -1024';

export interface SqliteFileOptions {
  readonly path: string;
  /** In the order they run. */
  readonly migrations: readonly Migration[];
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

async function openLocked(
  { path, migrations, prepare, probe }: SqliteFileOptions,
  lock: FileLock,
): Promise<SqliteFile> {
  if (prepare === undefined) refuseNewer(path, migrations);
  else await prepare();
  const db = await openMigrated(path, migrations);
  db.exec(CACHE);
  const gate = new WriteGate(db, probe);
  let closed = false;
  const close = (): Promise<void> => {
    if (closed) return Promise.resolve();
    closed = true;
    gate.close();
    db.close();
    lock.release();
    return Promise.resolve();
  };
  return { path, db, gate, close };
}

/** The file, made where it was not, with its schema up to date. The caller holds its lock. */
export async function openMigrated(path: string, migrations: readonly Migration[]): Promise<NodeSqlite> {
  await createPrivately(path);
  const writer = new NodeSqlite(path);
  try {
    writer.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    // What a long backup made the write-ahead file grow to is given back.
    writer.exec('PRAGMA journal_size_limit = 67108864');
    await runMigrations(writer, migrations);
    return writer;
  } catch (error) {
    writer.close();
    throw error;
  }
}

/** True when a program that knows further migrations than these has written the file. */
export function isNewerFile(path: string, migrations: readonly Migration[]): boolean {
  if (!existsSync(path)) return false;
  const db = new NodeSqlite(path);
  try {
    const known = new Set(migrations.map(({ name }) => name));
    return migrationsOf(db).some((name) => !known.has(name));
  } finally {
    db.close();
  }
}

function refuseNewer(path: string, migrations: readonly Migration[]): void {
  if (!isNewerFile(path, migrations)) return;
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
