import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { renameDurably } from '../../files/durable-file.js';
import { MAIN_MIGRATIONS } from '../../migrations/sqlite/main-migrations.js';
import type { Claim, StoreFilling, StreamHead } from '../archive/store-snapshot.js';
import type { Kind, Rows } from '../rows.js';
import { lockFile } from './file-lock.js';
import type { NodeSqlite } from './node-sqlite.js';
import { rowCodecs, type RowCodec, type RowCodecs } from './row-codec.js';
import { SQLITE } from './sqlite-dialect.js';
import { openMigrated } from './sqlite-file.js';

/** No opening is named so: whoever opens the file sees that it was put here, and gives it an epoch of its own. */
const EPOCH = `INSERT INTO "epoch" ("id", "value", "opening") VALUES ('epoch', 'filled', '')`;

/**
 * Fills a new database file, which takes the place of the one at `file` when it is whole. Throws `store.unavailable`
 * while a server has that one open.
 */
export async function fillFile(file: string): Promise<StoreFilling & { close(): Promise<void> }> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const lock = lockFile(file);
  const draft = `${file}.filling`;
  try {
    await removeFiles(draft, ['', '-wal', '-shm']);
    const db = await openMigrated(draft, MAIN_MIGRATIONS);
    const close = async (): Promise<void> => {
      db.close();
      await removeFiles(draft, ['', '-wal', '-shm']);
      lock.release();
    };
    return new FileFilling(file, draft, db, close);
  } catch (error) {
    lock.release();
    throw error;
  }
}

class FileFilling implements StoreFilling {
  readonly #codecs: RowCodecs;

  constructor(
    private readonly file: string,
    private readonly draft: string,
    private readonly db: NodeSqlite,
    readonly close: () => Promise<void>,
  ) {
    this.#codecs = rowCodecs(SQLITE);
  }

  async putRows<K extends Kind>(kind: K, rows: readonly Rows[K][]): Promise<void> {
    const codec: RowCodec<K> = this.#codecs[kind];
    this.#inOne(() => {
      for (const row of rows) {
        this.db.run(codec.sql.upsert, ...codec.encode(row));
        this.db.run(`UPDATE ${codec.table} SET "version" = ? WHERE "id" = ?`, row.version, row.id);
      }
    });
  }

  async putClaims(claims: readonly Claim[]): Promise<void> {
    const sql = 'INSERT INTO "unique_claim" ("scope", "value", "holder") VALUES (?, ?, ?)';
    this.#inOne(() => {
      for (const { scope, value, holder } of claims) this.db.run(sql, scope, value, holder);
    });
  }

  async putHeads(heads: readonly StreamHead[]): Promise<void> {
    // Nothing of the log is there: to its readers all of it is compacted.
    const columns = '"stream", "rev", "nonce", "compactedRev", "compactedNonce"';
    const sql = `INSERT INTO "stream_head" (${columns}) VALUES (?1, ?2, ?3, ?2, ?3)`;
    this.#inOne(() => {
      for (const { stream, rev, nonce } of heads) this.db.run(sql, stream, rev, nonce);
    });
  }

  async finish(): Promise<void> {
    this.db.run(EPOCH);
    // Out of write-ahead mode, so that the one file is all of it.
    this.db.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL');
    this.db.close();
    await removeFiles(this.file, ['-wal', '-shm']);
    await renameDurably(this.draft, this.file);
  }

  #inOne(write: () => void): void {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      write();
      this.db.exec('COMMIT');
    } catch (error) {
      this.db.exec('ROLLBACK');
      throw error;
    }
  }
}

async function removeFiles(path: string, suffixes: readonly string[]): Promise<void> {
  for (const suffix of suffixes) await rm(path + suffix, { force: true });
}
