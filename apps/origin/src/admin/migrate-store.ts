import { KnotError } from '@knot/shared/errors';
import { openStore } from '../open-store.js';
import type { AdminPorts } from './admin.js';

/**
 * Brings the tables of a database up to date before the origins of a new version start. Origins of the former version
 * may run on meanwhile. Throws `state.refused` where the store has no tables that could wait.
 */
export async function migrateStore({ config, ...ports }: AdminPorts): Promise<void> {
  const { mode, store: choice } = config.server;
  if (mode === 'leaf') {
    throw new KnotError(
      'state.refused',
      'this is a leaf: it migrates its own file at its start',
      'Run it at the origin.',
    );
  }
  if (choice.kind !== 'mysql') {
    const hint = 'There is nothing to do before an upgrade; a backup never hurts: knot admin backup.';
    throw new KnotError('state.refused', 'only a database is migrated beforehand, others are at the start', hint);
  }
  const { store } = await openStore(config, ports);
  await store.close();
}
