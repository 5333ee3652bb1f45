import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { LEAF_MIGRATIONS } from '../../migrations/sqlite/leaf-migrations.js';
import { renameDurably } from '../../files/durable-file.js';
import { NodeSqlite, type SqlRecord } from './node-sqlite.js';
import { isNewerFile, openMigrated, openSqliteFile, type SqliteFile } from './sqlite-file.js';
import type { GatePoint } from './write-gate.js';

interface LeafFileOptions {
  readonly path: string;
  readonly clock: { now(): number };
  readonly probe?: (point: GatePoint) => void;
}

/**
 * Opens a leaf's file. One that a newer program wrote is set aside: a leaf must come up after a downgrade, so it keeps
 * who it is (meta and secrets) and lists everything else again. `setAside` is where the newer file went.
 */
export async function openLeafFile(
  options: LeafFileOptions,
): Promise<{ readonly file: SqliteFile; readonly setAside: string | null }> {
  const { path, probe } = options;
  const next = `${path}.next`;
  let setAside: string | null = null;
  const prepare = async (): Promise<void> => {
    // A crash between the two renames below left only the new file.
    if (!existsSync(path) && existsSync(next)) await renameDurably(next, path);
    if (!isNewerFile(path, LEAF_MIGRATIONS)) return;
    await makeSuccessor(path, next);
    setAside = `${path}.newer-${Math.floor(options.clock.now())}`;
    await renameDurably(path, setAside);
    await renameDurably(next, path);
  };
  const file = await openSqliteFile({ path, migrations: LEAF_MIGRATIONS, prepare, probe });
  return { file, setAside };
}

/** Both are closed when this returns, so that no write-ahead file belongs to either. */
async function makeSuccessor(path: string, next: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(next + suffix, { force: true });
  const identity = readIdentity(path);
  const writer = await openMigrated(next, LEAF_MIGRATIONS);
  try {
    writer.run('BEGIN IMMEDIATE');
    for (const { key, value } of identity.meta) {
      writer.run('INSERT INTO "leaf_meta" ("key", "value") VALUES (?, ?)', key ?? null, value ?? null);
    }
    for (const { key, sealed } of identity.secrets) {
      writer.run('INSERT INTO "leaf_secret" ("key", "sealed") VALUES (?, ?)', key ?? null, sealed ?? null);
    }
    writer.run('COMMIT');
  } finally {
    writer.close();
  }
}

function readIdentity(path: string): { readonly meta: SqlRecord[]; readonly secrets: SqlRecord[] } {
  const db = new NodeSqlite(path);
  try {
    return {
      meta: db.all('SELECT "key", "value" FROM "leaf_meta"'),
      secrets: db.all('SELECT "key", "sealed" FROM "leaf_secret"'),
    };
  } finally {
    db.close();
  }
}
