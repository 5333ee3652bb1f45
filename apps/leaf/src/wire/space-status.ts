import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { Condition, ObservedSpace, SpaceRecord } from '@knot/domain';
import { newRecord } from '@knot/domain';

export function spaceStatus(observed: ObservedSpace, sequence: number): sync.SpaceStatus {
  return create(sync.SpaceStatusSchema, {
    id: observed.id,
    sequence: BigInt(sequence),
    observedGeneration: BigInt(observed.observedGeneration),
    conditions: observed.conditions.map(wireCondition),
    workload: observed.workload,
    instance: observed.instance,
    exitCode: observed.exitCode ?? undefined,
    volumes: observed.volumes.map((volume) => ({ ...volume })),
    phases: observed.phases.map(({ name, at }) => ({ name, at: BigInt(Math.round(at)) })),
    events: observed.events.map((event) => ({ ...event, at: BigInt(Math.round(event.at)) })),
    appliedHash: observed.appliedHash,
    restartsSatisfied: BigInt(observed.restartsSatisfied),
    finalized: observed.finalized,
    ports: observed.ports?.map((port) => ({ ...port })) ?? [],
    tunnel: observed.tunnel ?? '',
    scripts: observed.scripts?.map(({ name, code }) => ({ name, ...(code !== null && { code }) })) ?? [],
    activeAt: BigInt(Math.round(observed.activeAt ?? 0)),
    observedAt: BigInt(Math.round(observed.observedAt)),
  });
}

export function wireCondition({ type, status, reason, message, since }: Condition) {
  return { type, status, reason, message, since: BigInt(Math.round(since)) };
}

/** What a leaf that lost its disk, or takes over, goes on from: what the origin was told last. */
export function recordFrom(status: sync.SpaceStatus, generation: number, now: number): SpaceRecord {
  return {
    ...newRecord(status.id, generation, now),
    appliedHash: status.appliedHash,
    restartsSatisfied: Number(status.restartsSatisfied),
    ended: status.workload === 'ended' && status.instance === '',
    volumes: status.volumes.map(({ name, backendId }) => ({ name, backendId })),
  };
}
