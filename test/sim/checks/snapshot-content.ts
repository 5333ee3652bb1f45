import { renderPart } from '@knot/domain/template';
import type { SpaceRow } from '@knot/shared/store';
import type { SimWorld } from '../world/sim-world.js';

/** What the snapshot of a space makes of its template: job and volumes, as the fake orchestrator compares them. */
export function contentOfSnapshot(world: SimWorld, { snapshotHash }: SpaceRow): string {
  const row = world.disk.row('snapshot', snapshotHash);
  const snapshot = row && world.vault.open(row);
  return snapshot ? `${renderPart('job', snapshot)}\n---\n${renderPart('volumes', snapshot)}` : '';
}
