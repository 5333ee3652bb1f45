import type { Store } from '@knot/shared/store';

/** The guard row that is there while tokens are suspended; `touchedAt` is when the backup was noticed. */
export const SUSPENSION = 'tokens.suspended';

/** Tokens made before this moment are not taken, ms since the epoch; 0 when all are. */
export async function suspendedSince(store: Pick<Store, 'get'>): Promise<number> {
  return (await store.get('guard', SUSPENSION))?.touchedAt ?? 0;
}

/** The guard row of a history that has been dealt with. */
export function epochGuard(epoch: string): string {
  return `epoch:${epoch}`;
}
