import { isKnotError, KnotError } from '../errors/index.js';
import { retrying } from '../stores/retrying.js';
import type { Store } from '../stores/store.js';
import { sealContext, type KeyRing } from './key-ring.js';

const ID = 'canary';
const CONTEXT = sealContext('secret', ID, 'value');

/**
 * Refuses a key ring that does not open what this store holds, before anything is sealed with it: `config.invalid`.
 * The first start of a store leaves the canary there; after a rotation it is sealed with the new key.
 */
export async function proveKeyRing(store: Pick<Store, 'get' | 'commit'>, ring: KeyRing): Promise<void> {
  await retrying(store, async () => {
    const row = await store.get('secret', ID);
    if (row !== null) openCanary(ring, row.value);
    if (row !== null && ring.isCurrent(row.value)) return { commit: null, result: null };
    const expect = [{ kind: 'secret', id: ID, version: row?.version ?? 0 }] as const;
    const write = { put: 'secret', row: { id: ID, value: ring.sealText(ID, CONTEXT) } } as const;
    return { commit: { expect, writes: [write] }, result: null };
  });
}

function openCanary(ring: KeyRing, sealed: string): void {
  try {
    ring.openText(sealed, CONTEXT);
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
