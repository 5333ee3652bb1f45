import { join } from 'node:path';
import { copyStore, proveArchive, readArchive, writeArchive, type ArchiveCounts } from '@knot/shared/archive';
import type { KnotConfig, Secret } from '@knot/shared/config';
import { toKnotError } from '@knot/shared/errors';
import { BACKUP_FILE, noteBackup, noteBackupFile } from '../health/backup-mark.js';
import { openStore } from '../open-store.js';
import { epochGuard } from '../restore/suspension.js';
import { openFilling, openSnapshot, type StorePorts } from './store-ends.js';

export interface AdminPorts extends StorePorts {
  readonly config: KnotConfig;
}

/** Writes one moment of the store into a file that any store can be filled from; servers go on meanwhile. */
export async function backup(ports: AdminPorts, file: string, passphrase: Secret | null): Promise<ArchiveCounts> {
  const startedAt = ports.clock.now();
  const counts = await writeArchive(file, () => openSnapshot(ports.config, ports), {
    passphrase,
    progress: ports.progress,
  });
  await note(ports, startedAt).catch((error: unknown) =>
    ports.logger.warn({ err: toKnotError(error) }, 'the health page will not know of this backup'),
  );
  return counts;
}

/** For the health page of the origins. */
async function note({ config, ...ports }: AdminPorts, at: number): Promise<void> {
  const { store: choice } = config.server;
  if (choice.kind === 'sqlite') return noteBackupFile(join(choice.path, BACKUP_FILE), at);
  const { store } = await openStore(config, ports);
  await noteBackup(store, at).finally(() => store.close());
}

/**
 * Fills the store from a backup. The epoch is a new one: at its next start the origin ends sessions, suspends tokens,
 * and every leaf lists again. The file is read to its end before anything of the store is touched.
 */
export async function restore(
  ports: AdminPorts,
  file: string,
  options: { readonly passphrase: Secret | null; readonly replace: boolean },
): Promise<ArchiveCounts> {
  const { passphrase } = options;
  await proveArchive(file, { passphrase });
  const filling = await openFilling(ports.config, ports, options.replace);
  try {
    return await readArchive(file, filling, { passphrase, progress: ports.progress });
  } finally {
    await filling.close();
  }
}

/** Moves what the one store holds into another, empty one. Sessions and tokens hold on: nothing older was put back. */
export async function convert(ports: AdminPorts, target: KnotConfig, replace: boolean): Promise<ArchiveCounts> {
  const filling = await openFilling(target, ports, replace);
  try {
    const snapshot = await openSnapshot(ports.config, ports);
    const counts = await copyStore(snapshot, filling, ports.progress);
    await filling.close();
    await vouch(target, ports);
    return counts;
  } finally {
    await filling.close();
  }
}

/** The origin takes an epoch that no guard row names for a backup that was put back. */
async function vouch(config: KnotConfig, ports: StorePorts): Promise<void> {
  const { store } = await openStore(config, ports);
  try {
    const { epoch } = await store.head('events');
    const row = { id: epochGuard(epoch), touchedAt: await store.now() };
    await store.commit({ expect: [], writes: [{ put: 'guard', row }] });
  } finally {
    await store.close();
  }
}
