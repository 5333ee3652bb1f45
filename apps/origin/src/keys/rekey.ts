import { settleCanary, type KeyRing } from '@knot/shared';
import { isKnotError, KnotError } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';
import { SEALED_FIELDS, SEALED_KINDS, type SealedField, type SealedKind } from './sealed-fields.js';

export interface RekeyPorts {
  readonly store: Pick<Store, 'get' | 'page' | 'commit'>;
  readonly keys: KeyRing;
  /** How many values were sealed anew so far. */
  readonly progress: (count: number) => void;
  readonly signal?: AbortSignal;
}

const PAGE = 100;
/** Rows that are changed at the same moment are left for the next round. */
const MOST_ROUNDS = 20;

/**
 * Seals everything that a former key has sealed with the present one, beside whatever else goes on. Once it has answered
 * the former keys may leave the ring. Throws `store.conflict` when rows change faster than that, and stops at the signal.
 */
export async function rekey(ports: RekeyPorts): Promise<number> {
  let count = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let left = 0;
    for (const kind of SEALED_KINDS) {
      const { done, missed } = await rekeyKind(ports, kind, count);
      count += done;
      left += missed;
    }
    if (ports.signal?.aborted) return count;
    if (left > 0) continue;
    await settleCanary(ports.store, ports.keys);
    return count;
  }
  throw new KnotError('store.conflict', 'sealed values change too fast to be sealed anew', 'Try again later.');
}

interface Round {
  readonly done: number;
  readonly missed: number;
}

async function rekeyKind<K extends SealedKind>(ports: RekeyPorts, kind: K, before: number): Promise<Round> {
  const field: SealedField<K> = SEALED_FIELDS[kind];
  const { store, keys, progress, signal } = ports;
  let [done, missed] = [0, 0];
  for (let after: string | undefined; !signal?.aborted;) {
    const { rows, next } = await store.page(field.kind, { limit: PAGE, after });
    for (const row of rows) {
      const sealed = field.of(row);
      if (sealed === '' || keys.isCurrent(sealed)) continue;
      const context = field.context(row);
      const write = field.put(row, keys.sealText(keys.openText(sealed, context), context));
      const expect = [{ kind: field.kind, id: row.id, version: row.version }];
      const written = await store.commit({ expect, writes: [write] }).then(() => true, refusedByChange);
      if (written) progress(before + (done += 1));
      else missed += 1;
    }
    if (next === null) break;
    after = next;
  }
  return { done, missed };
}

function refusedByChange(error: unknown): false {
  if (isKnotError(error, 'store.conflict')) return false;
  throw error;
}
