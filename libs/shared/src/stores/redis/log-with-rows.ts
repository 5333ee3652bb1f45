import type { Kind, Rows } from '../rows.js';
import type { LogEntry, LoggedRows, Position, Store, StreamName } from '../store.js';
import { entriesOf } from './parse-history.js';
import { partsOf, textsOf } from './parse-reply.js';
import { LOG_WITH_ROWS } from './read-scripts.js';
import type { RowCodecs } from './row-codec.js';

/** Whose rows a reader of the log wants beside those that its entries name. */
const BESIDE: { readonly [K in Kind]?: { readonly kind: Kind; readonly fields: readonly (keyof Rows[K])[] } } = {
  space: { kind: 'user', fields: ['ownerId', 'sharedWith'] },
};

interface LogReader {
  readonly run: (text: string, ...args: readonly string[]) => Promise<unknown>;
  readonly codecs: RowCodecs;
  readonly store: Pick<Store, 'getMany'>;
}

/** The log and the rows it names by one question. Errors as `Store.log`. */
export async function readLogWithRows(
  { run, codecs, store }: LogReader,
  stream: StreamName,
  after: Position,
  limit: number,
): Promise<LoggedRows> {
  const reply = await run(LOG_WITH_ROWS, JSON.stringify({ stream, rev: after.rev, limit, beside: BESIDE }));
  const [log, rows] = isList(reply) ? reply : [];
  const entries: readonly LogEntry[] = entriesOf(log, stream, after);
  const records = new Map(
    partsOf(textsOf(rows), 3).map(([kind = '', id = '', record = '']) => [`${kind}\0${id}`, record] as const),
  );
  return { entries, rows: { getMany: (kind, ids) => rowsOf(kind, ids, records, codecs, store) } };
}

async function rowsOf<K extends Kind>(
  kind: K,
  ids: readonly string[],
  records: ReadonlyMap<string, string>,
  codecs: RowCodecs,
  store: Pick<Store, 'getMany'>,
): Promise<readonly Rows[K][]> {
  const codec: RowCodecs[K] = codecs[kind];
  const once = [...new Set(ids)];
  const unread = once.filter((id) => !records.has(`${kind}\0${id}`));
  const read = once.flatMap((id) => {
    const record = records.get(`${kind}\0${id}`) ?? '';
    return record === '' ? [] : [codec.decode(record)];
  });
  return unread.length === 0 ? read : [...read, ...(await store.getMany(kind, unread))];
}

function isList(reply: unknown): reply is readonly unknown[] {
  return Array.isArray(reply);
}
