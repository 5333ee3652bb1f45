import { KnotError } from '../../errors/index.js';
import type { Kind } from '../rows.js';
import { INDEXES, SEARCHED } from '../store.js';
import type { RedisConnection } from './connection.js';
import { partsOf } from './parse-reply.js';
import type { RowCodecs } from './row-codec.js';
import { INDEX_ROWS } from './write-scripts.js';

/** The key under which a store says which indexes its rows are in. */
const KEY = 'indexes';
const PART = 100;

/**
 * Builds what a newer knot filters, sorts and searches by and the rows of an older one are not in yet. Rows that are
 * written meanwhile are left alone: whoever writes them now knows the new indexes. Refuses a store of a newer knot.
 */
export async function refreshIndexes(connection: RedisConnection, base: string, codecs: RowCodecs): Promise<void> {
  const wanted = present();
  const stored = await connection.ask((client) => client.get(base + KEY));
  const known = new Set(stored === null ? [] : stored.split(' '));
  if ([...known].some((index) => !wanted.includes(index))) {
    const hint = 'Run that version again, or put back a backup made before the upgrade.';
    throw new KnotError('store.unavailable', 'what Redis holds was written by a newer knot', hint);
  }
  const missing = wanted.filter((index) => !known.has(index));
  if (missing.length === 0) return;
  for (const kind of kindsOf(missing)) await indexAll(connection, base, codecs, kind);
  await connection.ask((client) => client.set(base + KEY, wanted.join(' ')));
}

function present(): string[] {
  const indexes = Object.entries(INDEXES).flatMap(([kind, fields]) => fields.map((field) => `${kind}.${field}`));
  const searches = Object.entries(SEARCHED).map(([kind, field]) => `${kind}.~${field}`);
  return [...indexes, ...searches];
}

function kindsOf(indexes: readonly string[]): ReadonlySet<Kind> {
  const names = new Set(indexes.map((index) => index.split('.')[0]));
  const kinds = new Set<Kind>();
  for (const kind of kindsIn(INDEXES)) if (names.has(kind)) kinds.add(kind);
  return kinds;
}

function* kindsIn(table: typeof INDEXES): Iterable<Kind> {
  for (const kind in table) if (isKind(kind)) yield kind;
}

function isKind(name: string): name is Kind {
  return Object.hasOwn(INDEXES, name);
}

async function indexAll<K extends Kind>(
  connection: RedisConnection,
  base: string,
  codecs: RowCodecs,
  kind: K,
): Promise<void> {
  for (let cursor = '0'; ;) {
    const [next, found] = await connection.ask((client) => client.hscan(`${base}r:${kind}`, cursor, 'COUNT', PART));
    const args = partsOf(found, 2).flatMap(([id = '', stored = '']) => {
      const row = codecs[kind].decode(stored);
      return [id, String(row.version), JSON.stringify(codecs[kind].header(row))];
    });
    if (args.length > 0) await connection.script(INDEX_ROWS, base, kind, ...args);
    if (next === '0') return;
    cursor = next;
  }
}
