import { proveKeyRing } from '@knot/shared';
import { openKeys } from '../keys/open-keys.js';
import { rekey } from '../keys/rekey.js';
import { openStore } from '../open-store.js';
import type { AdminPorts } from './admin.js';

/** Seals everything in the store with the first key that the configuration names. Answers how many values it was. */
export async function rekeyStore(ports: AdminPorts): Promise<number> {
  const keys = await openKeys(ports.config, ports.random);
  const { store } = await openStore(ports.config, ports);
  try {
    await proveKeyRing(store, keys);
    return await rekey({ store, keys, progress: (rows) => ports.progress({ rows }) });
  } finally {
    await store.close();
  }
}
