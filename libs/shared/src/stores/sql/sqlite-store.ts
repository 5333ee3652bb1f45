import type { RandomSource } from '../../secrets/random-text.js';
import { createUuidV7 } from '../../ids/uuid-v7.js';
import { MAIN_MIGRATIONS } from '../../migrations/sqlite/main-migrations.js';
import type { Kind, Rows } from '../rows.js';
import type { Commit, Committed, LogEntry, Page, PageRequest, Position, Store, StreamName } from '../store.js';
import { writeCommit } from './commit-writer.js';
import { copyDatabase } from './copy-file.js';
import { enterHistory, type History } from './history-mark.js';
import { HotRows } from './hot-rows.js';
import type { SqlRecord, SqlValue } from './node-sqlite.js';
import { fold } from '../page-request.js';
import { countQuery, pageQuery } from './page-query.js';
import { appendLog, compactLog, readHead, readLog } from './revision-log.js';
import { rowCodecs, type RowCodec, type RowCodecs } from './row-codec.js';
import { SQLITE } from './sqlite-dialect.js';
import { toStoreError } from './sqlite-errors.js';
import { openSqliteFile, type SqliteFile } from './sqlite-file.js';
import type { GatePoint } from './write-gate.js';

const NONCE_BYTES = 9;
/** What is read by the hundred is a list for somebody, of which nothing is soon read again. */
const FEW = 16;

export interface SqliteStoreOptions {
  readonly file: string;
  /** Wall clock; the store's own clock on SQLite. */
  readonly clock: { now(): number };
  readonly random: RandomSource;
  /** Where a fault test strikes; called inside the transaction. */
  readonly probe?: (point: GatePoint) => void;
}

export interface SqliteStore extends Store {
  /** A restored file has a new epoch already. */
  readonly history: History;
}

/** The main store in one file, which this process alone holds. Errors as `Store` says. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const file = await openSqliteFile({ path: options.file, migrations: MAIN_MIGRATIONS, probe: options.probe });
  try {
    file.db.raw.function('knot_fold', { deterministic: true }, (text) => fold(String(text)));
    const newUuid = createUuidV7(options.clock, options.random);
    const { epoch, history } = await enterHistory(file, newUuid);
    return new FileStore(file, options, newUuid, epoch, history);
  } catch (error) {
    await file.close();
    throw toStoreError(error, options.file);
  }
}

/** Told by the connection that writes: another number once another program has written to the file. */
const OTHERS = 'PRAGMA data_version';

class FileStore implements SqliteStore {
  readonly #codecs: RowCodecs;
  /** Nobody else writes to the file, so what was read stands until it is written here. */
  readonly #hot: HotRows;
  #others: unknown = null;
  readonly #listeners = new Set<(streams: readonly StreamName[]) => void>();
  #epoch: string;

  constructor(
    private readonly file: SqliteFile,
    private readonly options: SqliteStoreOptions,
    private readonly newUuid: () => string,
    epoch: string,
    readonly history: History,
  ) {
    this.#codecs = rowCodecs(SQLITE);
    this.#hot = new HotRows(this.#codecs);
    this.#epoch = epoch;
  }

  async get<K extends Kind>(kind: K, id: string): Promise<Rows[K] | null> {
    const codec: RowCodec<K> = this.#codecs[kind];
    const cache = this.#hot.of(kind);
    const known = cache?.get(id);
    if (known !== undefined) return known;
    const [record] = this.#read(codec.sql.get, id);
    const row = record === undefined ? null : codec.decode(record);
    if (row === null) cache?.keepMissing(id);
    else cache?.keep(row);
    return row;
  }

  async getMany<K extends Kind>(kind: K, ids: readonly string[]): Promise<readonly Rows[K][]> {
    if (ids.length === 0) return [];
    const cache = this.#hot.of(kind);
    if (cache === undefined) return this.#readMany(kind, ids);
    const [known, missing]: [Rows[K][], string[]] = [[], []];
    for (const id of new Set(ids)) {
      const row = cache.get(id);
      if (row === undefined) missing.push(id);
      else if (row !== null) known.push(row);
    }
    const read = missing.length === 0 ? [] : this.#readMany(kind, missing);
    if (read.length <= FEW) for (const row of read) cache.keep(row);
    return [...known, ...read];
  }

  async page<K extends Kind>(kind: K, request: PageRequest<K>): Promise<Page<Rows[K]>> {
    const codec: RowCodec<K> = this.#codecs[kind];
    const query = pageQuery(codec, request);
    const records = this.#read(query.sql, ...query.parameters);
    const last = records.length > request.limit ? records[request.limit - 1] : undefined;
    return {
      rows: records.slice(0, request.limit).map((record) => codec.decode(record)),
      next: last === undefined ? null : query.cursorAfter(last),
    };
  }

  async count<K extends Kind>(kind: K, where: PageRequest<K>['where']): Promise<number> {
    const query = countQuery(this.#codecs[kind], where);
    return Number(this.#read(query.sql, ...query.parameters)[0]?.['count']);
  }

  async holder(scope: string, value: string): Promise<string | null> {
    const sql = 'SELECT "holder" FROM "unique_claim" WHERE "scope" = ? AND "value" = ?';
    const [record] = this.#read(sql, scope, value);
    return record === undefined ? null : String(record['holder']);
  }

  async commit(commit: Commit): Promise<Committed> {
    const nonce = Buffer.from(this.options.random(NONCE_BYTES)).toString('base64url');
    const heads = await this.#written(commit, nonce);
    if (heads.size > 0) this.#wake([...heads.keys()]);
    const positions = [...heads].map(([stream, rev]) => [stream, { epoch: this.#epoch, rev, nonce }] as const);
    return { heads: Object.fromEntries(positions) };
  }

  async head(stream: StreamName): Promise<Position> {
    const { rev, nonce } = this.#guarded(() => readHead(this.file.db, stream));
    return { epoch: this.#epoch, rev, nonce };
  }

  async log(stream: StreamName, after: Position, limit: number): Promise<readonly LogEntry[]> {
    return this.#guarded(() => readLog(this.file.db, this.#epoch, stream, after, limit));
  }

  async compact(stream: StreamName, rev: number): Promise<void> {
    while (!(await this.file.gate.write(() => compactLog(this.file.db, stream, rev))));
  }

  async newEpoch(): Promise<string> {
    const epoch = this.newUuid();
    await this.file.gate.write(() => this.file.db.run('UPDATE "epoch" SET "value" = ?', epoch));
    this.#epoch = epoch;
    return epoch;
  }

  onCommit(listener: (streams: readonly StreamName[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async now(): Promise<number> {
    return this.options.clock.now();
  }

  backup(target: string): Promise<void> {
    return copyDatabase(this.file.path, target);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.file.close();
  }

  #readMany<K extends Kind>(kind: K, ids: readonly string[]): readonly Rows[K][] {
    const codec: RowCodec<K> = this.#codecs[kind];
    return this.#read(codec.sql.getMany, JSON.stringify(ids)).map((record) => codec.decode(record));
  }

  async #written(commit: Commit, nonce: string): Promise<ReadonlyMap<StreamName, number>> {
    let stands = false;
    try {
      const heads = await this.file.gate.write(() => {
        const others = this.file.db.get(OTHERS)?.['data_version'];
        if (others !== this.#others) this.#hot.clear();
        this.#others = others;
        this.#hot.forgetWritten(commit);
        writeCommit(this.file.db, this.#codecs, commit);
        return appendLog(this.file.db, commit.log ?? [], nonce);
      });
      stands = true;
      return heads;
    } finally {
      this.#hot.settle(commit, stands);
    }
  }

  #read(sql: string, ...parameters: SqlValue[]): SqlRecord[] {
    return this.#guarded(() => this.file.db.all(sql, ...parameters));
  }

  #guarded<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw toStoreError(error, this.file.path);
    }
  }

  #wake(streams: readonly StreamName[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(streams);
      } catch (error) {
        // The commit stands whatever a listener does; a fault of one must not look like a failed commit.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }
}
