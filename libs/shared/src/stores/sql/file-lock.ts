import { KnotError } from '../../errors/index.js';
import { NodeSqlite } from './node-sqlite.js';
import { isBusy, toStoreError } from './sqlite-errors.js';

export interface FileLock {
  release(): void;
}

/**
 * Holds `<file>.lock` for this process until `release`. The lock is the kernel's (an open write transaction of a small
 * SQLite file), so it ends with the process however that ends, and a pid used again cannot be taken for the holder.
 * Throws `store.unavailable` when another process, or another store of this one, has it.
 */
export function lockFile(file: string): FileLock {
  const lock = openLock(`${file}.lock`);
  try {
    lock.exec('CREATE TABLE IF NOT EXISTS holder (pid INTEGER)');
    lock.exec(`BEGIN IMMEDIATE; DELETE FROM holder; INSERT INTO holder VALUES (${process.pid}); COMMIT`);
    // Held to the end; a reserved lock lets others still read who holds it.
    lock.exec('BEGIN IMMEDIATE');
  } catch (error) {
    // Only a lock that is held says that there is a holder: a full disk, too, stops us here.
    const holder = isBusy(error) ? readHolder(lock) : null;
    lock.close();
    if (holder === null) throw toStoreError(error, `${file}.lock`);
    throw new KnotError(
      'store.unavailable',
      `process ${holder} has ${file} open`,
      'One process may use a database file: stop the other one, or give this one a folder of its own.',
      { file, pid: holder },
      { cause: error },
    );
  }
  return { release: () => lock.close() };
}

function openLock(path: string): NodeSqlite {
  try {
    const lock = new NodeSqlite(path);
    lock.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF');
    return lock;
  } catch (error) {
    throw toStoreError(error, path);
  }
}

function readHolder(lock: NodeSqlite): number | null {
  try {
    const pid = lock.get('SELECT pid FROM holder')?.['pid'];
    return typeof pid === 'number' ? pid : null;
  } catch {
    return null;
  }
}
