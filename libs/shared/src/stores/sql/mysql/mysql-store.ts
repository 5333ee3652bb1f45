import { setTimeout as sleep } from 'node:timers/promises';
import { createUuidV7 } from '../../../ids/uuid-v7.js';
import type { ServerTarget } from '../../../names/server-names.js';
import type { RandomSource } from '../../../secrets/random-text.js';
import type { Kind, Rows } from '../../rows.js';
import type { Commit, Committed, LogEntry, Page, PageRequest, Position, Store, StreamName } from '../../store.js';
import type { SqlRecord } from '../node-sqlite.js';
import { countQuery, pageQuery } from '../page-query.js';
import type { RowCodec } from '../row-codec.js';
import { copyToFile } from './copy-to-file.js';
import { HeadWatch } from './head-watch.js';
import { MysqlCommits } from './mysql-commits.js';
import { toMysqlError, troubleOf } from './mysql-errors.js';
import { compactMysqlLog, readMysqlHead, readMysqlLog } from './mysql-log.js';
import { databaseTime } from './mysql-marks.js';
import { MysqlPool } from './mysql-pool.js';
import { migrateMysql, type MysqlSchema } from './mysql-schema.js';
import { MysqlSession, type MysqlAccount } from './mysql-session.js';

export interface MysqlStoreOptions {
  readonly account: MysqlAccount;
  /** Asked before each new connection: where the server is by now; one after the other is tried. */
  readonly targets: () => Promise<readonly ServerTarget[]>;
  readonly maxOpen: number;
  readonly maxIdle: number;
  /** 0 = connections are not renewed. */
  readonly lifetimeMs: number;
  readonly clock: { now(): number };
  readonly random: RandomSource;
}

/** How often a read is asked of another connection, when the first one broke. */
const READ_ATTEMPTS = 4;

/**
 * The main store in a database of MySQL or MariaDB, which other origins may have open too. Errors as `Store` says;
 * `store.unavailable` also when the database is not knot's.
 */
export async function openMysqlStore(options: MysqlStoreOptions): Promise<Store> {
  const { account, clock, random } = options;
  const place = placeOf(options);
  const pool = new MysqlPool({ ...options, open: () => openFirst(options) });
  try {
    const schema = await pool.use((session) => migrateMysql(session, account, session.target));
    const newUuid = createUuidV7(clock, random);
    const enter = 'INSERT IGNORE INTO "epoch" ("id", "value", "opening") VALUES (\'epoch\', ?, \'\')';
    await pool.use((session) => session.run(enter, newUuid()));
    const commits = new MysqlCommits({ pool, codecs: schema.codecs, random, place });
    return new MysqlStore(pool, schema, commits, newUuid, place);
  } catch (error) {
    pool.close();
    throw toMysqlError(error, place);
  }
}

async function openFirst({ account, targets }: MysqlStoreOptions): Promise<MysqlSession> {
  let refusal: unknown;
  for (const target of await targets()) {
    try {
      return await MysqlSession.open(account, target);
    } catch (error) {
      refusal ??= error;
    }
  }
  throw refusal;
}

/** What an error names the database by. */
function placeOf({ account }: MysqlStoreOptions): string {
  return `${account.database} of server.mysql.host`;
}

class MysqlStore implements Store {
  readonly #listeners = new Set<(streams: readonly StreamName[]) => void>();
  readonly #heads = new HeadWatch(
    () => this.#all('SELECT "stream", "rev", "nonce" FROM "stream_head"'),
    (streams) => this.#wake(streams),
  );

  constructor(
    private readonly pool: MysqlPool,
    private readonly schema: MysqlSchema,
    private readonly commits: MysqlCommits,
    private readonly newUuid: () => string,
    private readonly place: string,
  ) {}

  async get<K extends Kind>(kind: K, id: string): Promise<Rows[K] | null> {
    const codec: RowCodec<K> = this.schema.codecs[kind];
    const [record] = await this.#all(codec.sql.get, id);
    return record === undefined ? null : codec.decode(record);
  }

  async getMany<K extends Kind>(kind: K, ids: readonly string[]): Promise<readonly Rows[K][]> {
    if (ids.length === 0) return [];
    const codec: RowCodec<K> = this.schema.codecs[kind];
    return (await this.#all(codec.sql.getMany, ids)).map((record) => codec.decode(record));
  }

  async page<K extends Kind>(kind: K, request: PageRequest<K>): Promise<Page<Rows[K]>> {
    const codec: RowCodec<K> = this.schema.codecs[kind];
    const query = pageQuery(codec, request);
    const records = await this.#all(query.sql, ...query.parameters);
    const last = records.length > request.limit ? records[request.limit - 1] : undefined;
    return {
      rows: records.slice(0, request.limit).map((record) => codec.decode(record)),
      next: last === undefined ? null : query.cursorAfter(last),
    };
  }

  async count<K extends Kind>(kind: K, where: PageRequest<K>['where']): Promise<number> {
    const query = countQuery(this.schema.codecs[kind], where);
    return Number((await this.#all(query.sql, ...query.parameters))[0]?.['count']);
  }

  async holder(scope: string, value: string): Promise<string | null> {
    const sql = 'SELECT "holder" FROM "unique_claim" WHERE "scope" = ? AND "value" = ?';
    const [record] = await this.#all(sql, scope, value);
    return record === undefined ? null : String(record['holder']);
  }

  async commit(commit: Commit): Promise<Committed> {
    const { heads, nonce, epoch } = await this.commits.write(commit);
    for (const [stream, rev] of heads) this.#heads.noteOwn(stream, { rev, nonce });
    if (heads.size > 0) this.#wake([...heads.keys()]);
    const positions = [...heads].map(([stream, rev]) => [stream, { epoch, rev, nonce }] as const);
    return { heads: Object.fromEntries(positions) };
  }

  head(stream: StreamName): Promise<Position> {
    return this.#reading((session) => readMysqlHead(session, stream));
  }

  log(stream: StreamName, after: Position, limit: number): Promise<readonly LogEntry[]> {
    return this.#reading((session) => readMysqlLog(session, stream, after, limit));
  }

  async compact(stream: StreamName, rev: number): Promise<void> {
    while (!(await this.commits.transaction((session) => compactMysqlLog(session, stream, rev))));
  }

  async newEpoch(): Promise<string> {
    const epoch = this.newUuid();
    await this.#reading((session) => session.run('UPDATE "epoch" SET "value" = ?', epoch));
    return epoch;
  }

  onCommit(listener: (streams: readonly StreamName[]) => void): () => void {
    this.#heads.start();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  now(): Promise<number> {
    return this.#reading(databaseTime);
  }

  backup(target: string): Promise<void> {
    return this.#reading((session) => copyToFile(session, this.schema.tables, target));
  }

  async close(): Promise<void> {
    this.#heads.close();
    this.#listeners.clear();
    this.pool.close();
  }

  #all(sql: string, ...parameters: Parameters<MysqlSession['all']>[1][]): Promise<SqlRecord[]> {
    return this.#reading((session) => session.all(sql, ...parameters));
  }

  /** What may be done twice: once more elsewhere when a connection broke. */
  async #reading<T>(work: (session: MysqlSession) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.pool.use(work);
      } catch (error) {
        if (troubleOf(error) === 'final' || attempt >= READ_ATTEMPTS) throw toMysqlError(error, this.place);
        await sleep(50 * attempt ** 2);
      }
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
