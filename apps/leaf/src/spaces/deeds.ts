import {
  permitted,
  type ApplyCause,
  type Observation,
  type ObservedVolume,
  type RemoveCause,
  type SpaceRecord,
  type Step,
  type TimelineEvent,
  type VolumeRef,
  type Workload,
} from '@knot/domain';
import { failpoint, type Clock } from '@knot/shared';
import { isKnotError, KnotError } from '@knot/shared/errors';
import type { LeafStore } from '@knot/shared/store';
import type { RightToAct } from '../authority/right-to-act.js';
import { backendLabel } from '../platforms/platforms.js';
import { within } from '../within.js';
import { appliedEvent, destroyedEvent, removedEvent, volumesEvent } from './deed-events.js';
import { driftsAfter } from './records.js';
import { unitedVolumes, wantedVolumes, type Work } from './work.js';

/** How long one deed at a backend may take, ms; less where the right to act ends before. */
const DEED_MS = 30_000;

/** The world after a deed, as far as it is known without another look. */
export interface Done {
  readonly step: Step;
  readonly record: SpaceRecord;
  readonly observation: Observation;
  readonly events: readonly TimelineEvent[];
}

interface Seen extends Work {
  readonly observation: Observation;
}

/** Does the one thing that is due: what is to happen is recorded, the right to act asked once more, then it happens. */
export class Deeds {
  constructor(
    private readonly store: LeafStore,
    private readonly right: RightToAct,
    private readonly clock: Clock,
  ) {}

  async perform(step: Step, seen: Seen): Promise<Done> {
    switch (step.do) {
      case 'create-volumes':
        return this.createVolumes(step, seen, step.missing);
      case 'apply':
        return this.apply(step, seen, step.cause);
      case 'remove':
        return this.remove(step, seen, step.cause);
      case 'destroy-volumes':
        return this.destroyVolumes(step, seen, step.refs);
      case 'settle':
      case 'wait':
      case 'finalize':
      case 'stall':
      case 'hold':
        return { step, record: seen.record, observation: seen.observation, events: [] };
    }
  }

  private async createVolumes(step: Step, seen: Seen, missing: readonly VolumeRef[]): Promise<Done> {
    const { desired, driver, observation } = seen;
    const spec = specOf(seen);
    const record = { ...seen.record, volumes: unitedVolumes(seen.record.volumes, wantedVolumes(seen) ?? missing) };
    const held = await this.announce(step, seen, record);
    if (held) return held;
    const made = await this.act(seen, (signal) => driver.createVolumes(spec, missing, signal));
    await failpoint('leaf.volumes.created');
    const events = [volumesEvent(missing.length, desired, this.clock.now())];
    return { step, record, observation: { ...observation, volumes: merged(observation.volumes, made) }, events };
  }

  private async apply(step: Step, seen: Seen, cause: ApplyCause): Promise<Done> {
    const { desired, driver, observation, platform } = seen;
    const [spec, now] = [specOf(seen), this.clock.now()];
    const { workload } = observation;
    const handed: SpaceRecord = {
      ...seen.record,
      appliedHash: spec.hash,
      restartsSatisfied: desired.restarts,
      verified: '',
      appliedAt: now,
      ended: false,
      endings: cause === 'ended' ? { count: seen.record.endings.count + 1, lastAt: now } : seen.record.endings,
      ...(cause === 'drift' && { drifts: driftsAfter(seen.record, now) }),
      volumes: unitedVolumes(seen.record.volumes, wantedVolumes(seen) ?? []),
    };
    const held = await this.announce(step, seen, handed);
    if (held) return held;
    await failpoint('leaf.create.before');
    const expect = workload.state === 'present' ? workload.revision : '';
    const { revision } = await this.act(seen, (signal) => driver.apply(spec, expect, signal)).catch(
      async (error: unknown) => {
        // Refused for sure: the record must not say otherwise. An answer that did not come leaves it to the next look.
        if (isKnotError(error) && !isKnotError(error, 'backend.unavailable')) await this.store.putRecord(seen.record);
        throw error;
      },
    );
    await failpoint('leaf.create.after');
    return {
      step,
      record: { ...handed, verified: revision },
      observation: { ...observation, workload: submitted(workload, revision) },
      events: [appliedEvent(cause, desired, workload, backendLabel(platform), now)],
    };
  }

  private async remove(step: Step, seen: Seen, cause: RemoveCause): Promise<Done> {
    const { desired, driver, mark, observation, platform } = seen;
    const { workload } = observation;
    const record = cause === 'restart' ? seen.record : { ...seen.record, appliedHash: '', verified: '', ended: false };
    const held = await this.announce(step, seen, record);
    if (held) return held;
    await failpoint('leaf.remove.before');
    await this.act(seen, (signal) => driver.remove(mark, signal));
    await failpoint('leaf.remove.after');
    const first = workload.state === 'present' && workload.health !== 'stopping';
    return {
      step,
      record,
      observation: {
        ...observation,
        workload: workload.state === 'present' ? { ...workload, health: 'stopping' } : workload,
      },
      events: first ? [removedEvent(cause, desired, backendLabel(platform), this.clock.now())] : [],
    };
  }

  /** One at a time: a volume of that name that is not ours is struck off and left alone. */
  private async destroyVolumes(step: Step, seen: Seen, refs: readonly VolumeRef[]): Promise<Done> {
    const { desired, driver, mark, observation } = seen;
    let { record } = seen;
    for (const ref of refs) {
      const allowed = this.permit(step, seen);
      if (allowed.do === 'hold') return { step: allowed, record, observation, events: [] };
      try {
        await this.act(seen, (signal) => driver.destroyVolumes(mark, [ref], signal));
      } catch (error) {
        if (!isKnotError(error, 'backend.foreign')) throw error;
        record = { ...record, volumes: record.volumes.filter(({ backendId }) => backendId !== ref.backendId) };
      }
      await failpoint('leaf.volumes.destroyed');
    }
    const events = [destroyedEvent(refs.length, desired, this.clock.now())];
    const volumes = observation.volumes.map((volume): ObservedVolume =>
      refs.some((ref) => ref.backendId === volume.backendId) ? { ...volume, state: 'missing' } : volume,
    );
    return { step, record, observation: { ...observation, volumes }, events };
  }

  /** Writes down what is about to be done. Answers instead of null where the right to do it has run out meanwhile. */
  private async announce(step: Step, seen: Seen, record: SpaceRecord): Promise<Done | null> {
    const changed = record !== seen.record;
    if (changed) await this.store.putRecord(record);
    const allowed = this.permit(step, seen);
    if (allowed.do !== 'hold') return null;
    if (changed) await this.store.putRecord(seen.record);
    return { step: allowed, record: seen.record, observation: seen.observation, events: [] };
  }

  private permit(step: Step, { desired, record, platform }: Seen): Step {
    return permitted(step, { desired, record, authority: this.right.of(platform) });
  }

  private act<T>({ signal, platform }: Seen, deed: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return within(this.clock, Math.min(DEED_MS, this.right.leftMs(platform)), signal, deed);
  }
}

function specOf({ spec }: Work) {
  if (!spec) throw new KnotError('internal', 'There is no rendered template to act by.');
  return spec;
}

function submitted(before: Workload, revision: string): Workload {
  const instance = before.state === 'present' ? before.instance : '';
  const health = before.state === 'present' && before.health !== 'ended' ? 'starting' : 'pending';
  return { state: 'present', health, instance, revision, drift: null, exitCode: null, trouble: null };
}

function merged(seen: readonly ObservedVolume[], made: readonly ObservedVolume[]): readonly ObservedVolume[] {
  const others = seen.filter(({ backendId }) => !made.some((volume) => volume.backendId === backendId));
  return [...others, ...made];
}
