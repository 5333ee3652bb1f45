import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { Condition, ObservedVolume } from '@knot/domain';
import { wireCondition } from '../wire/space-status.js';

export type VolumeState = 'pending' | 'ready' | 'failed' | 'removing' | 'absent';

/** What a leaf keeps and tells of a standalone volume. */
export interface VolumeReport {
  readonly observedGeneration: number;
  readonly state: VolumeState;
  readonly conditions: readonly Condition[];
  readonly finalized: boolean;
}

export interface VolumeVerdict {
  readonly state: VolumeState;
  readonly reason: Condition['reason'];
  readonly message: string;
  readonly volumes: readonly ObservedVolume[];
}

export function volumeConditions({ state, reason, message }: VolumeVerdict, now: number): readonly Condition[] {
  const ready: Condition = {
    type: 'VolumesReady',
    status: state === 'ready' ? 'True' : 'False',
    reason,
    message,
    since: now,
  };
  const stalled: Condition = {
    type: 'Stalled',
    status: state === 'failed' ? 'True' : 'False',
    reason: state === 'failed' ? reason : 'Accepted',
    message: state === 'failed' ? message : '',
    since: now,
  };
  return [ready, stalled];
}

export function volumeStatus(id: string, report: VolumeReport, sequence: number): sync.VolumeStatus {
  return create(sync.VolumeStatusSchema, {
    id,
    sequence: BigInt(sequence),
    observedGeneration: BigInt(report.observedGeneration),
    state: report.state,
    conditions: report.conditions.map(wireCondition),
    finalized: report.finalized,
  });
}
