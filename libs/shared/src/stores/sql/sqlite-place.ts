import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom } from '../../ids/random.js';
import type { StorePlace } from '../conformance/harness.js';
import { openSqliteStore, type SqliteStore } from './sqlite-store.js';

export interface SqlitePlace extends StorePlace {
  readonly file: string;
  readonly folder: string;
  open(): Promise<SqliteStore>;
}

/** A folder of its own for a store under test. */
export async function makeSqlitePlace(): Promise<SqlitePlace> {
  const folder = await mkdtemp(join(tmpdir(), 'knot-store-'));
  const file = join(folder, 'knot.db');
  let backups = 0;
  return {
    folder,
    file,
    open: () => openSqliteStore({ file, clock: Date, random: systemRandom }),
    restore: async (backup) => {
      await copyFile(backup, file);
      for (const suffix of ['-wal', '-shm']) await rm(file + suffix, { force: true });
    },
    backupPath: () => join(folder, `backup-${(backups += 1)}.db`),
    destroy: () => rm(folder, { recursive: true, force: true }),
  };
}
