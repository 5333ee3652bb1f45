import { isKnotError, KnotError } from '../errors/index.js';
import { retrying } from '../stores/retrying.js';
import type { Store } from '../stores/store.js';
import { sealContext, type KeyRing } from './key-ring.js';

const ID = 'canary';
/** Sealed with the key that is becoming the present one, while some values are still under the former. */
const NEXT = 'canary.next';

type CanaryStore = Pick<Store, 'get' | 'commit'>;

/**
 * Refuses a key ring that does not open what this store holds, before anything is sealed with it: `config.invalid`.
 * The first start of a store leaves the canary there. It stays with the former key until `settleCanary`: till then some
 * values may be under that key, which must not leave the ring.
 */
export async function proveKeyRing(store: CanaryStore, ring: KeyRing): Promise<void> {
  await retrying(store, async () => {
    const [row, next] = [await store.get('secret', ID), await store.get('secret', NEXT)];
    for (const one of [row, next]) if (one !== null) openCanary(ring, one.id, one.value);
    const id = row === null || ring.isCurrent(row.value) ? ID : NEXT;
    const known = id === ID ? row : next;
    if (known !== null && ring.isCurrent(known.value)) return { commit: null, result: null };
    const expect = [{ kind: 'secret', id, version: known?.version ?? 0 }] as const;
    const write = { put: 'secret', row: { id, value: ring.sealText(id, contextOf(id)) } } as const;
    return { commit: { expect, writes: [write] }, result: null };
  });
}

/** Called once everything is sealed with the present key: the former ones may leave the ring. */
export async function settleCanary(store: CanaryStore, ring: KeyRing): Promise<void> {
  await retrying(store, async () => {
    const row = await store.get('secret', ID);
    if (row !== null && ring.isCurrent(row.value)) return { commit: null, result: null };
    const expect = [{ kind: 'secret', id: ID, version: row?.version ?? 0 }] as const;
    const value = ring.sealText(ID, contextOf(ID));
    return {
      commit: {
        expect,
        writes: [
          { put: 'secret', row: { id: ID, value } },
          { delete: 'secret', id: NEXT },
        ],
      },
      result: null,
    };
  });
}

/** The rows of the canary itself are no secret to be sealed anew. */
export function isCanary(id: string): boolean {
  return id === ID || id === NEXT;
}

function contextOf(id: string): string {
  return sealContext('secret', id, 'value');
}

function openCanary(ring: KeyRing, id: string, sealed: string): void {
  try {
    ring.openText(sealed, contextOf(id));
  } catch (error) {
    if (!isKnotError(error, 'internal')) throw error;
    throw new KnotError(
      'config.invalid',
      'the encryption key is not the one that this database was sealed with',
      'Put the former key back; to change it, name the new one first and the former one after it.',
      { key: 'server.encrypt' },
      { cause: error },
    );
  }
}
