import { renderPart } from '@knot/domain/template';
import type { SpaceRow } from '@knot/shared/store';
import type { SimWorld } from '../world/sim-world.js';

/** By the hash: what it stands for never changes. */
const known = new WeakMap<SimWorld, Map<string, string>>();

/** What the snapshot of a space makes of its template: job and volumes, as the fake orchestrator compares them. */
export function contentOfSnapshot(world: SimWorld, space: SpaceRow): string {
  const ofWorld = known.get(world) ?? new Map<string, string>();
  known.set(world, ofWorld);
  const content = ofWorld.get(space.snapshotHash) ?? rendered(world, space);
  ofWorld.set(space.snapshotHash, content);
  return content;
}

function rendered(world: SimWorld, { snapshotHash }: SpaceRow): string {
  const row = world.disk.row('snapshot', snapshotHash);
  const snapshot = row && world.vault.open(row);
  return snapshot ? `${renderPart('job', snapshot)}\n---\n${renderPart('volumes', snapshot)}` : '';
}
