import { sealContext, type KeyRing } from '@knot/shared';
import { retrying, type Store } from '@knot/shared/store';

/** A secret of the origin under this name, sealed; made once, by whichever origin is first. */
export async function keptSecret(
  store: Store,
  keys: KeyRing,
  id: string,
  make: () => Promise<string> | string,
): Promise<string> {
  const context = sealContext('secret', id, 'value');
  const { result } = await retrying(store, async () => {
    const row = await store.get('secret', id);
    if (row) return { commit: null, result: keys.openText(row.value, context) };
    const value = await make();
    const fresh = { id, value: keys.sealText(value, context) };
    const commit = {
      expect: [{ kind: 'secret' as const, id, version: 0 }],
      writes: [{ put: 'secret' as const, row: fresh }],
    };
    return { commit, result: value };
  });
  return result;
}
