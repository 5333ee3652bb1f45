import { KnotError } from '../../errors/index.js';
import type { Claim, StoreSnapshot, StreamHead } from '../archive/store-snapshot.js';
import type { Kind, Rows } from '../rows.js';
import { dataGone } from './commit-plan.js';
import type { RedisConnection } from './connection.js';
import { partsOf, textsOf } from './parse-reply.js';
import type { RowCodecs } from './row-codec.js';
import { BEGIN_BACKUP, END_BACKUP, KEEP_BACKUP } from './write-scripts.js';

const PART = 200;
/** A backup that says no word for so long is dead, s; a slow disk must not make it so. */
const SILENCE_S = 300;

/**
 * What Redis held at one moment, without holding anybody up: from `BEGIN_BACKUP` on each commit leaves what it changes
 * beside it (`b:<name>:...`), and what is found there beats what the walk over the hash found.
 */
export async function openSnapshot(
  connection: RedisConnection,
  base: string,
  codecs: RowCodecs,
  name: string,
): Promise<StoreSnapshot> {
  const [outcome, , ...heads] = textsOf(await connection.script(BEGIN_BACKUP, base, name, SILENCE_S));
  if (outcome === 'lost') throw dataGone();
  if (outcome !== 'ok') {
    throw new KnotError('state.refused', 'another backup of this store is running', 'Wait until it has ended.');
  }
  return new RedisSnapshot(connection, base, codecs, name, partsOf(heads, 3).map(toHead));
}

class RedisSnapshot implements StoreSnapshot {
  readonly #seen: string[] = [];

  constructor(
    private readonly connection: RedisConnection,
    private readonly base: string,
    private readonly codecs: RowCodecs,
    private readonly name: string,
    readonly heads: readonly StreamHead[],
  ) {}

  async *rows<K extends Kind>(kind: K): AsyncIterable<readonly Rows[K][]> {
    for await (const part of this.#walk(`r:${kind}`, kind)) yield part.map(([, row]) => this.codecs[kind].decode(row));
  }

  async *claims(): AsyncIterable<readonly Claim[]> {
    for await (const part of this.#walk('u', '~claims')) yield part.map(([field, holder]) => toClaim(field, holder));
  }

  async close(): Promise<void> {
    try {
      await this.#keep();
    } finally {
      await this.connection.script(END_BACKUP, this.base, this.name);
      const keys = this.#seen;
      if (keys.length > 0) await this.connection.ask((client) => client.unlink(...keys));
    }
  }

  async *#walk(key: string, what: string): AsyncIterable<readonly (readonly [string, string])[]> {
    const before = `${this.base}b:${this.name}:${what}`;
    this.#seen.push(before);
    const seen = new Set<string>();
    for (let cursor = '0'; ;) {
      const [next, found] = await this.connection.ask((client) => client.hscan(this.base + key, cursor, 'COUNT', PART));
      // A walk may show a field twice.
      const fresh = partsOf(found, 2).filter(([field = '']) => !seen.has(field));
      for (const [field = ''] of fresh) seen.add(field);
      if (fresh.length > 0) yield await this.#asItWas(before, fresh);
      await this.#keep();
      if (next === '0') break;
      cursor = next;
    }
    yield await this.#gone(before, seen);
  }

  async #asItWas(before: string, found: readonly string[][]): Promise<readonly (readonly [string, string])[]> {
    const fields = found.map(([field = '']) => field);
    const changed = await this.connection.ask((client) => client.hmget(before, ...fields));
    return found.flatMap(([field = '', value = ''], at) => {
      const was = changed[at] ?? value;
      return was === '' ? [] : [[field, was] as const];
    });
  }

  /** What was there when the backup began and was deleted before the walk came to it. */
  async #gone(before: string, seen: ReadonlySet<string>): Promise<readonly (readonly [string, string])[]> {
    const all = await this.connection.ask((client) => client.hgetall(before));
    return Object.entries(all).filter(([field, was]) => was !== '' && !seen.has(field));
  }

  async #keep(): Promise<void> {
    const alive = await this.connection.script(KEEP_BACKUP, this.base, this.name, SILENCE_S);
    if (alive === 1) return;
    throw new KnotError('store.unavailable', 'the backup was interrupted for too long', 'Make it again.');
  }
}

function toHead([stream = '', rev = '', nonce = '']: readonly string[]): StreamHead {
  return { stream, rev: Number(rev), nonce };
}

function toClaim(field: string, holder: string): Claim {
  const end = field.indexOf('\0');
  return { scope: field.slice(0, end), value: field.slice(end + 1), holder };
}
