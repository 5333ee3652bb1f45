import { rm } from 'node:fs/promises';
import { MAIN_MIGRATIONS } from '../../migrations/sqlite/main-migrations.js';
import type { Claim, StoreSnapshot, StreamHead } from '../archive/store-snapshot.js';
import type { Kind, Rows } from '../rows.js';
import { copyDatabase } from './copy-file.js';
import type { NodeSqlite } from './node-sqlite.js';
import { rowCodecs, type RowCodec, type RowCodecs } from './row-codec.js';
import { SQLITE } from './sqlite-dialect.js';
import { openMigrated } from './sqlite-file.js';

const PART = 200;

/** One moment of a database file, whether a server has it open or not: a copy beside it, which `close` removes. */
export async function snapshotOfFile(file: string): Promise<StoreSnapshot> {
  const copy = `${file}.snapshot-${process.pid}`;
  await removeCopy(copy);
  try {
    await copyDatabase(file, copy);
    return await snapshotOfCopy(copy, () => removeCopy(copy));
  } catch (error) {
    await removeCopy(copy);
    throw error;
  }
}

/** All of a database file that nobody else has open; brought up to this schema first. */
export async function snapshotOfCopy(copy: string, whenClosed: () => Promise<void>): Promise<StoreSnapshot> {
  const db = await openMigrated(copy, MAIN_MIGRATIONS);
  const close = async (): Promise<void> => {
    db.close();
    await whenClosed();
  };
  return new FileSnapshot(db, rowCodecs(SQLITE), close);
}

class FileSnapshot implements StoreSnapshot {
  constructor(
    private readonly db: NodeSqlite,
    private readonly codecs: RowCodecs,
    readonly close: () => Promise<void>,
  ) {}

  get heads(): readonly StreamHead[] {
    return this.db
      .all('SELECT * FROM "stream_head"')
      .map(({ stream, rev, nonce }) => ({ stream: String(stream), rev: Number(rev), nonce: String(nonce) }));
  }

  async *rows<K extends Kind>(kind: K): AsyncIterable<readonly Rows[K][]> {
    const codec: RowCodec<K> = this.codecs[kind];
    for (let after: string | null = null; ;) {
      const where = after === null ? '' : 'WHERE "id" > ?';
      const sql = `SELECT * FROM ${codec.table} ${where} ORDER BY "id" LIMIT ${PART}`;
      const records = this.db.all(sql, ...(after === null ? [] : [after]));
      if (records.length > 0) yield records.map((record) => codec.decode(record));
      if (records.length < PART) return;
      after = String(records.at(-1)?.['id']);
    }
  }

  async *claims(): AsyncIterable<readonly Claim[]> {
    for (let after: Claim | null = null; ;) {
      const where = after === null ? '' : 'WHERE ("scope", "value") > (?, ?)';
      const sql = `SELECT * FROM "unique_claim" ${where} ORDER BY "scope", "value" LIMIT ${PART}`;
      const records = this.db.all(sql, ...(after === null ? [] : [after.scope, after.value]));
      const claims = records.map((one) => ({
        scope: String(one['scope']),
        value: String(one['value']),
        holder: String(one['holder']),
      }));
      if (claims.length > 0) yield claims;
      if (claims.length < PART) return;
      after = claims.at(-1) ?? null;
    }
  }
}

async function removeCopy(copy: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '.part']) await rm(copy + suffix, { force: true });
}
