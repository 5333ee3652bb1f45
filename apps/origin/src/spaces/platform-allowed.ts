import type { Platform } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { UserRow } from '@knot/shared/store';
import type { OriginSettings } from '../origin-settings.js';

/** Spaces of the platform local are processes of the leaf's own machine: for administrators unless opened. */
export function assertPlatformAllowed(platform: Platform, owner: UserRow, { localForAll }: OriginSettings): void {
  if (platform !== 'local' || localForAll || owner.role === 'administrator') return;
  const message =
    'Spaces on the platform local are for administrators: they run without isolation on the leaf’s own machine.';
  throw new KnotError('access.denied', message, 'local.users: all in the knot.yaml of the origin opens it.');
}
