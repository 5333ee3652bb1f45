import type { Mark, DesiredSpace, ObservedSpace, Platform, Rendered, SpaceRecord, VolumeRef } from '@knot/domain';
import type { Driver, WorkloadSpec } from '@knot/drivers';

/** One run's work on one space, before it has looked. */
export interface Work {
  readonly desired: DesiredSpace;
  readonly record: SpaceRecord;
  readonly previous: ObservedSpace | null;
  readonly platform: Platform;
  readonly driver: Driver;
  readonly mark: Mark;
  /** Null where the space is not to run, or its template does not render. */
  readonly spec: WorkloadSpec | null;
  readonly rendered: Rendered | null;
  readonly signal: AbortSignal;
}

export function wantedVolumes({ rendered }: Pick<Work, 'rendered'>): readonly VolumeRef[] | null {
  return rendered?.ok ? rendered.volumes : null;
}

/** Both lists, each volume once. */
export function unitedVolumes(known: readonly VolumeRef[], more: readonly VolumeRef[]): readonly VolumeRef[] {
  const fresh = more.filter(({ backendId }) => !known.some((ref) => ref.backendId === backendId));
  return fresh.length === 0 ? known : [...known, ...fresh.map(({ name, backendId }) => ({ name, backendId }))];
}
