import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { backup } from 'node:sqlite';
import { KnotError } from '../../errors/index.js';
import { renameDurably } from '../../files/durable-file.js';
import { STAMP_COPY } from './history-mark.js';
import { NodeSqlite } from './node-sqlite.js';
import { toStoreError } from './sqlite-errors.js';

/** Pages of 4 kB between which others may write: about 1 ms. */
const PAGES_PER_STEP = 500;

/**
 * A consistent copy of an open database as one file of mode 0600, while it is written.
 * Throws `input.invalid` when `target` is there.
 */
export async function copyDatabase(file: string, target: string): Promise<void> {
  if (existsSync(target)) {
    throw new KnotError('input.invalid', `${target} is there already`, 'Name a file that does not exist yet.');
  }
  const draft = `${target}.part`;
  try {
    await rm(draft, { force: true });
    await (await open(draft, 'wx', 0o600)).close();
    await copySnapshot(file, draft);
    closeCopy(draft);
    await renameDurably(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw copyError(error, target);
  }
}

async function copySnapshot(file: string, draft: string): Promise<void> {
  const source = new NodeSqlite(file, { readonly: true });
  try {
    // The open read pins one state of the file; without it the copy would begin anew with every commit.
    source.exec('BEGIN');
    source.get('SELECT count(*) FROM sqlite_master');
    await backup(source.raw, draft, { rate: PAGES_PER_STEP });
  } finally {
    source.close();
  }
}

function closeCopy(path: string): void {
  const copy = new NodeSqlite(path);
  try {
    // Out of write-ahead mode, so that the one file is all of it.
    copy.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL');
    copy.exec(STAMP_COPY);
  } finally {
    copy.close();
  }
}

function copyError(error: unknown, target: string): KnotError {
  const mapped = toStoreError(error, target);
  if (mapped.code !== 'internal') return mapped;
  const hint = 'Check that its folder exists, may be written, and has room.';
  return new KnotError('store.unavailable', `no backup was made at ${target}`, hint, {}, { cause: error });
}
