import type { Mark, SpaceSnapshot } from '@knot/domain';
import type { WorkloadSpec } from '@knot/drivers';
import type { Platforms } from '../platforms/platforms.js';
import type { RenderedText } from './rendering.js';

/** What a driver is to make of a rendered snapshot at this location. */
export function workloadSpec(
  platforms: Platforms,
  mark: Mark,
  snapshot: SpaceSnapshot,
  text: RenderedText,
  environment: WorkloadSpec['environment'],
): WorkloadSpec {
  return {
    mark,
    display: { space: snapshot.data.space.name, owner: snapshot.data.user.username },
    ...text,
    hash: snapshot.hash,
    policy: platforms.policyWith(snapshot.exceptions),
    environment,
  };
}
