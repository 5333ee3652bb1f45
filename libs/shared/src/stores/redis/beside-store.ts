import type { Cluster, Redis } from 'ioredis';
import type { Kind, Rows } from '../rows.js';
import type {
  Commit,
  Committed,
  LogEntry,
  Page,
  PageRequest,
  Position,
  QuickCounts,
  QuickLimit,
  Store,
  StreamName,
} from '../store.js';
import { RedisConnection } from './connection.js';
import type { RedisPlace } from './place.js';
import { baseOf } from './keys.js';
import { Listeners } from './listeners.js';
import { parseWake } from './parse-wake.js';
import { rowCodecs, type RowCodecs } from './row-codec.js';
import { COUNT_QUICKLY } from './count-script.js';
import { Subscription } from './subscription.js';

/** A session may be taken from the cache for so long: what Redis could not be told of its end is over by then, ms. */
const CACHED_MS = 2_000;
/** Longer than any read of the main store takes: until then nobody can put what it read before back into the cache. */
const ENDED_MS = 60_000;
const COMMAND_MS = 200;
/** Redis that failed is left alone for so long. */
const REST_MS = 1_000;
const ENDED = '-';

/**
 * The main store with Redis beside it: sessions are cached and attempts are counted there, and each commit wakes the other
 * origins. All of it is convenience: without Redis, or with one that does not answer, the main store does for everything.
 */
export function storeBesideRedis(main: Store, place: RedisPlace, name: string): Store {
  return new StoreWithRedis(main, place, name);
}

class StoreWithRedis implements Store {
  readonly counts: QuickCounts = { add: (limits, by, windowMs) => this.#count(limits, by, windowMs) };
  readonly #base: string;
  readonly #redis: RedisConnection;
  readonly #wakes: Subscription;
  readonly #listeners = new Listeners();
  readonly #codecs = rowCodecs();
  #restUntil = 0;

  constructor(
    private readonly main: Store,
    place: RedisPlace,
    private readonly name: string,
  ) {
    this.#base = `${baseOf(place.keyPrefix)}beside:`;
    this.#redis = new RedisConnection(place, { patienceMs: 0, commandMs: COMMAND_MS });
    this.#wakes = new Subscription(place, `${this.#base}wake`, (text) => {
      const wake = parseWake(text);
      if (wake !== null && wake.writer !== name) this.#listeners.wake(wake.streams);
    });
    main.onCommit((streams) => this.#listeners.wake(streams));
  }

  async get<K extends Kind>(kind: K, id: string): Promise<Rows[K] | null> {
    return kind === 'session' ? this.#cached(kind, id) : this.main.get(kind, id);
  }

  async commit(commit: Commit): Promise<Committed> {
    const committed = await this.main.commit(commit);
    const sessions = commit.writes.flatMap((write) => {
      if ('put' in write) return write.put === 'session' ? [write.row.id] : [];
      return write.delete === 'session' ? [write.id] : [];
    });
    if (sessions.length > 0) await this.#forget(sessions);
    const streams = [...new Set((commit.log ?? []).map((entry) => entry.stream))];
    if (streams.length > 0) this.#publishWake(streams);
    return committed;
  }

  onCommit(listener: (streams: readonly StreamName[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  getMany<K extends Kind>(kind: K, ids: readonly string[]): Promise<readonly Rows[K][]> {
    return this.main.getMany(kind, ids);
  }
  page<K extends Kind>(kind: K, request: PageRequest<K>): Promise<Page<Rows[K]>> {
    return this.main.page(kind, request);
  }
  count<K extends Kind>(kind: K, where: PageRequest<K>['where']): Promise<number> {
    return this.main.count(kind, where);
  }
  holder(scope: string, value: string): Promise<string | null> {
    return this.main.holder(scope, value);
  }
  head(stream: StreamName): Promise<Position> {
    return this.main.head(stream);
  }
  log(stream: StreamName, after: Position, limit: number): Promise<readonly LogEntry[]> {
    return this.main.log(stream, after, limit);
  }
  compact(stream: StreamName, rev: number): Promise<void> {
    return this.main.compact(stream, rev);
  }
  newEpoch(): Promise<string> {
    return this.main.newEpoch();
  }
  now(): Promise<number> {
    return this.main.now();
  }
  backup(file: string): Promise<void> {
    return this.main.backup(file);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await Promise.all([this.#redis.close(), this.#wakes.close()]);
    await this.main.close();
  }

  async #cached<K extends Kind>(kind: K, id: string): Promise<Rows[K] | null> {
    const codec: RowCodecs[K] = this.#codecs[kind];
    const key = this.#keyOf(id);
    const cached = await this.#ask((client) => client.get(key));
    if (typeof cached === 'string' && cached !== ENDED) return codec.decode(cached);
    const row = await this.main.get(kind, id);
    if (row !== null && cached === null) {
      const text = `${row.version}\n${codec.encode(row)}`;
      // Not over a mark that it has ended or changed since it was read.
      void this.#ask((client) => client.set(key, text, 'PX', CACHED_MS, 'NX'));
    }
    return row;
  }

  async #count(limits: readonly QuickLimit[], by: 1 | -1, windowMs: number) {
    const plan = JSON.stringify({ by, windowMs, limits: limits.map(({ id, most }) => [id, most]) });
    const left = await this.#try(() => this.#redis.script(COUNT_QUICKLY, this.#base, plan));
    if (typeof left !== 'number') return undefined;
    return { fullForMs: left < 0 ? null : left };
  }

  #publishWake(streams: readonly StreamName[]): void {
    const text = JSON.stringify([this.name, ...streams]);
    void this.#ask((client) => client.publish(`${this.#base}wake`, text));
  }

  async #forget(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.#ask((client) => client.set(this.#keyOf(id), ENDED, 'PX', ENDED_MS))));
  }

  #keyOf(id: string): string {
    return `${this.#base}session:${id}`;
  }

  async #ask<T>(command: (client: Redis | Cluster) => Promise<T>): Promise<T | undefined> {
    return this.#try(() => this.#redis.ask(command));
  }

  /** The answer, or undefined where Redis gives none. */
  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (performance.now() < this.#restUntil) return undefined;
    try {
      return await work();
    } catch {
      this.#restUntil = performance.now() + REST_MS;
      return undefined;
    }
  }
}
