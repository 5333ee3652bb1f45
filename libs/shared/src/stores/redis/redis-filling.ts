import { KnotError } from '../../errors/index.js';
import type { Claim, StoreFilling, StreamHead } from '../archive/store-snapshot.js';
import type { Kind, Rows } from '../rows.js';
import type { RedisConnection } from './connection.js';
import type { RowCodecs } from './row-codec.js';
import { PUT_ROWS } from './write-scripts.js';

/** The key that is there while a store is filled; whoever opens the store then is refused. */
export const FILLING = 'filling';
const PART = 100;

/** Empties the place and lets it be filled. */
export async function beginFilling(
  connection: RedisConnection,
  base: string,
  codecs: RowCodecs,
  newUuid: () => string,
): Promise<StoreFilling> {
  await connection.ask((client) => client.set(base + FILLING, '1'));
  await connection.ask((client) => client.del(`${base}e`));
  await removeAll(connection, base);
  return new RedisFilling(connection, base, codecs, newUuid);
}

/** Throws `state.refused` when a filling was begun here and did not come to its end. */
export async function refuseHalfFilled(connection: RedisConnection, base: string): Promise<void> {
  if ((await connection.ask((client) => client.exists(base + FILLING))) === 0) return;
  const message = 'what Redis holds is the first part of a restore that did not come to its end';
  throw new KnotError('state.refused', message, 'Run `knot admin restore` again.');
}

class RedisFilling implements StoreFilling {
  constructor(
    private readonly connection: RedisConnection,
    private readonly base: string,
    private readonly codecs: RowCodecs,
    private readonly newUuid: () => string,
  ) {}

  async putRows<K extends Kind>(kind: K, rows: readonly Rows[K][]): Promise<void> {
    const codec = this.codecs[kind];
    for (let at = 0; at < rows.length; at += PART) {
      const args = rows
        .slice(at, at + PART)
        .flatMap((row) => [row.id, String(row.version), JSON.stringify(codec.header(row)), codec.encode(row)]);
      await this.connection.script(PUT_ROWS, this.base, kind, ...args);
    }
  }

  async putClaims(claims: readonly Claim[]): Promise<void> {
    if (claims.length === 0) return;
    const fields = claims.flatMap(({ scope, value, holder }) => [`${scope}\0${value}`, holder]);
    await this.connection.ask((client) => client.hset(`${this.base}u`, ...fields));
  }

  async putHeads(heads: readonly StreamHead[]): Promise<void> {
    for (const { stream, rev, nonce } of heads) {
      // Nothing of the log is there: to its readers all of it is compacted.
      const state = { rev: String(rev), nonce, compactedRev: String(rev), compactedNonce: nonce };
      await this.connection.ask((client) => client.hset(`${this.base}s:${stream}`, state));
      await this.connection.ask((client) => client.sadd(`${this.base}streams`, stream));
    }
  }

  async finish(): Promise<void> {
    await this.connection.ask((client) => client.set(`${this.base}e`, this.newUuid()));
    await this.connection.ask((client) => client.del(this.base + FILLING));
  }
}

async function removeAll(connection: RedisConnection, base: string): Promise<void> {
  const pattern = `${base.replace(/[\\*?[\]]/g, '\\$&')}*`;
  for (const master of await connection.masters()) {
    for (let cursor = '0'; ;) {
      const [next, keys] = await master.scan(cursor, 'MATCH', pattern, 'COUNT', 500);
      const others = keys.filter((key) => key !== base + FILLING);
      if (others.length > 0) await master.unlink(...others);
      if (next === '0') break;
      cursor = next;
    }
  }
}
