import { createUuidV7 } from '../../ids/uuid-v7.js';
import type { RandomSource } from '../../secrets/random-text.js';
import type { StoreFilling, StoreSnapshot } from '../archive/store-snapshot.js';
import { writeArchive } from '../archive/write-archive.js';
import type { Kind, Rows } from '../rows.js';
import type {
  Commit,
  Committed,
  LogEntry,
  LoggedRows,
  Page,
  PageRequest,
  Position,
  Store,
  StreamName,
} from '../store.js';
import { planCommit, refusalOf } from './commit-plan.js';
import { RedisConnection } from './connection.js';
import type { RedisPlace } from './place.js';
import { findingsOf, inspectServer, refuseUnsafe } from './inspect-server.js';
import { baseOf } from './keys.js';
import { Listeners } from './listeners.js';
import { readLogWithRows } from './log-with-rows.js';
import { countRows, readPage } from './pages.js';
import { COMPACTION_SLICE, entriesOf, headOf } from './parse-history.js';
import { partsOf, textsOf } from './parse-reply.js';
import { parseWake } from './parse-wake.js';
import { HEAD, LOG } from './read-scripts.js';
import { beginFilling, refuseHalfFilled } from './redis-filling.js';
import { openSnapshot } from './redis-snapshot.js';
import { refreshIndexes } from './refresh-indexes.js';
import { Replication } from './replication.js';
import { rowCodecs, type RowCodecs } from './row-codec.js';
import { Subscription } from './subscription.js';
import { BEGIN, COMMIT, COMPACT } from './write-scripts.js';

const NONCE_BYTES = 9;
const ID_BYTES = 12;

export interface RedisStoreOptions {
  readonly place: RedisPlace;
  /** Takes a Redis that keeps no append-only file. */
  readonly acceptDataLoss: boolean;
  /** For new ids only: the clock of this store is that of Redis. */
  readonly clock: { now(): number };
  readonly random: RandomSource;
}

export interface RedisStore extends Store {
  /** What an administrator should know of how this Redis keeps data. */
  readonly findings: readonly string[];
  /** All of one moment, while others write. */
  snapshot(): Promise<StoreSnapshot>;
}

/** The main store in Redis, for any number of origins. Errors as `Store` says; `config.invalid` for an unsafe server. */
export async function openRedisStore(options: RedisStoreOptions): Promise<RedisStore> {
  const base = baseOf(options.place.keyPrefix);
  const connections = [new RedisConnection(options.place), new RedisConnection(options.place)] as const;
  const [writer] = connections;
  try {
    const findings = await inspected(writer, options);
    await refuseHalfFilled(writer, base);
    const newUuid = createUuidV7(options.clock, options.random);
    await writer.script(BEGIN, base, newUuid());
    const codecs = rowCodecs();
    await refreshIndexes(writer, base, codecs);
    return new RedisBackedStore(options, base, connections, codecs, newUuid, findings);
  } catch (error) {
    await Promise.all(connections.map((connection) => connection.close()));
    throw error;
  }
}

/** Empties what is at the place and lets it be filled: from a backup, or from another store. */
export async function fillRedis(options: RedisStoreOptions): Promise<StoreFilling & { close(): Promise<void> }> {
  const connection = new RedisConnection(options.place);
  try {
    await inspected(connection, options);
    const newUuid = createUuidV7(options.clock, options.random);
    const filling = await beginFilling(connection, baseOf(options.place.keyPrefix), rowCodecs(), newUuid);
    return {
      putRows: (kind, rows) => filling.putRows(kind, rows),
      putClaims: (claims) => filling.putClaims(claims),
      putHeads: (heads) => filling.putHeads(heads),
      finish: () => filling.finish(),
      close: () => connection.close(),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function inspected(connection: RedisConnection, options: RedisStoreOptions): Promise<readonly string[]> {
  const { hosts, masterName = '' } = options.place;
  await connection.ask((client) => client.ping());
  const masters = await connection.masters();
  const traits = await Promise.all(masters.map((master) => connection.ask(() => inspectServer(master))));
  for (const one of traits) refuseUnsafe(one, hosts.length > 1 && masterName === '', options.acceptDataLoss);
  return [...new Set(traits.flatMap(findingsOf))];
}

class RedisBackedStore implements RedisStore {
  readonly #writer: RedisConnection;
  readonly #reader: RedisConnection;
  readonly #replication: Replication | null;
  readonly #listeners = new Listeners();
  readonly #wakes: Subscription;
  /** Tells this process's wake-ups from those of others. */
  readonly #name: string;

  constructor(
    private readonly options: RedisStoreOptions,
    private readonly base: string,
    [writer, reader]: readonly [RedisConnection, RedisConnection],
    private readonly codecs: RowCodecs,
    private readonly newUuid: () => string,
    readonly findings: readonly string[],
  ) {
    this.#writer = writer;
    this.#reader = reader;
    this.#replication = options.place.masterName ? new Replication(writer) : null;
    const name = (this.#name = this.#random(ID_BYTES));
    this.#wakes = new Subscription(options.place, `${base}wake`, (text) => {
      const wake = parseWake(text);
      if (wake !== null && wake.writer !== name) this.#listeners.wake(wake.streams);
    });
  }

  async get<K extends Kind>(kind: K, id: string): Promise<Rows[K] | null> {
    const stored = await this.#reader.ask((client) => client.hget(`${this.base}r:${kind}`, id));
    const codec: RowCodecs[K] = this.codecs[kind];
    return stored === null ? null : codec.decode(stored);
  }

  async getMany<K extends Kind>(kind: K, ids: readonly string[]): Promise<readonly Rows[K][]> {
    if (ids.length === 0) return [];
    const once = [...new Set(ids)];
    const stored = await this.#reader.ask((client) => client.hmget(`${this.base}r:${kind}`, ...once));
    const codec: RowCodecs[K] = this.codecs[kind];
    return stored.flatMap((row) => (row === null ? [] : [codec.decode(row)]));
  }

  async page<K extends Kind>(kind: K, request: PageRequest<K>): Promise<Page<Rows[K]>> {
    const codec: RowCodecs[K] = this.codecs[kind];
    return readPage<K>((text, ...args) => this.#read(text, ...args), codec, request);
  }

  async count<K extends Kind>(kind: K, where: PageRequest<K>['where']): Promise<number> {
    return countRows((text, ...args) => this.#read(text, ...args), this.codecs[kind], where);
  }

  async holder(scope: string, value: string): Promise<string | null> {
    return this.#reader.ask((client) => client.hget(`${this.base}u`, `${scope}\0${value}`));
  }

  async commit(commit: Commit): Promise<Committed> {
    const nonce = this.#random(NONCE_BYTES);
    const identity = { id: this.#random(ID_BYTES), nonce, writer: this.#name };
    const { plan, rows } = planCommit(commit, this.codecs, identity);
    const [outcome = '', ...about] = textsOf(await this.#writer.script(COMMIT, this.base, plan, ...rows));
    if (outcome !== 'ok') throw refusalOf(outcome, about);
    await this.#replication?.confirmed();
    const [epoch = '', ...heads] = about;
    const positions = partsOf(heads, 2).map(
      ([stream = '', rev]) => [stream, { epoch, rev: Number(rev), nonce }] as const,
    );
    const streams = [...new Set((commit.log ?? []).map((entry) => entry.stream))];
    if (streams.length > 0) this.#listeners.wake(streams);
    return { heads: Object.fromEntries(positions) };
  }

  async head(stream: StreamName): Promise<Position> {
    return headOf(await this.#read(HEAD, JSON.stringify({ stream })));
  }

  async log(stream: StreamName, after: Position, limit: number): Promise<readonly LogEntry[]> {
    const reply = await this.#read(LOG, JSON.stringify({ stream, rev: after.rev, limit }));
    return entriesOf(reply, stream, after);
  }

  logWithRows(stream: StreamName, after: Position, limit: number): Promise<LoggedRows> {
    const reader = {
      run: (text: string, ...args: readonly string[]) => this.#read(text, ...args),
      codecs: this.codecs,
      store: this,
    };
    return readLogWithRows(reader, stream, after, limit);
  }

  async compact(stream: StreamName, rev: number): Promise<void> {
    while ((await this.#writer.script(COMPACT, this.base, stream, rev, COMPACTION_SLICE)) === 0);
  }

  async newEpoch(): Promise<string> {
    const epoch = this.newUuid();
    await this.#writer.ask((client) => client.set(`${this.base}e`, epoch));
    await this.#replication?.confirmed();
    return epoch;
  }

  onCommit(listener: (streams: readonly StreamName[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  async now(): Promise<number> {
    const [seconds = 0, microseconds = 0] = await this.#reader.ask((client) => client.time());
    return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
  }

  snapshot(): Promise<StoreSnapshot> {
    return openSnapshot(this.#writer, this.base, this.codecs, this.#random(ID_BYTES));
  }

  async backup(file: string): Promise<void> {
    await writeArchive(file, () => this.snapshot());
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    const parts = [this.#wakes, this.#writer, this.#reader];
    await Promise.all(parts.map((part) => part.close()));
  }

  #read(text: string, ...args: readonly string[]): Promise<unknown> {
    return this.#reader.script(text, this.base, ...args);
  }

  #random(bytes: number): string {
    return Buffer.from(this.options.random(bytes)).toString('base64url');
  }
}
