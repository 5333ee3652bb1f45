import { open, stat, utimes } from 'node:fs/promises';
import { isSystemError } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';

const GUARD = 'backup.made';

/** Where the embedded store's last backup is noted: its file is the origin's alone while that runs. */
export const BACKUP_FILE = 'last-backup';

/** The file's own time says when: whoever may not read it may see that. */
export async function noteBackupFile(path: string, at: number): Promise<void> {
  const file = await open(path, 'a', 0o600);
  await file.close();
  await utimes(path, at / 1_000, at / 1_000);
}

export async function noteBackup(store: Store, at: number): Promise<void> {
  await store.commit({ expect: [], writes: [{ put: 'guard', row: { id: GUARD, touchedAt: at } }] });
}

/** ms since the epoch; 0 when none is known. `file`: null where the store itself holds the mark. */
export async function lastBackup(store: Pick<Store, 'get'>, file: string | null): Promise<number> {
  if (file === null) return (await store.get('guard', GUARD))?.touchedAt ?? 0;
  try {
    return Math.round((await stat(file)).mtimeMs);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return 0;
    throw error;
  }
}
