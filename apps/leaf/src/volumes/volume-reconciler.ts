import { newRecord, type Condition, type ObservedVolume, type SpaceRecord, type VolumeRef } from '@knot/domain';
import type { Driver, WorkloadSpec } from '@knot/drivers';
import type { Outcome, RunContext } from '@knot/reconcile';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { LeafStore } from '@knot/shared/store';
import type { RightToAct } from '../authority/right-to-act.js';
import type { Platforms } from '../platforms/platforms.js';
import { misfortuneOf } from '../spaces/failure.js';
import { unitedVolumes } from '../spaces/work.js';
import { desiredVolume, type DesiredVolume } from '../wire/desired-volume.js';
import { within } from '../within.js';
import { volumeConditions, type VolumeReport, type VolumeState } from './volume-report.js';

const CALL_MS = 30_000;
const HELD_MS = 10_000;
const LOOK_AGAIN_MS = 5_000;

export interface VolumeReconcilerParts {
  readonly store: LeafStore;
  readonly platforms: Platforms;
  readonly right: RightToAct;
  readonly clock: Clock;
  readonly onReport: () => void;
}

interface Work {
  readonly desired: DesiredVolume;
  readonly driver: Driver;
  readonly spec: WorkloadSpec;
  readonly record: SpaceRecord;
  readonly signal: AbortSignal;
}

/** Makes a standalone volume be there, or not: by its own word only, never because of a space. */
export class VolumeReconciler {
  /** Last reports, so that the same is not said twice; bounded by the volumes there are. */
  private readonly told = new Map<string, string>();

  constructor(private readonly parts: VolumeReconcilerParts) {}

  async run(id: string, run: RunContext): Promise<Outcome> {
    const { store, right, clock } = this.parts;
    const stored = await store.object('volume', id);
    if (!stored) return this.forget(id);
    if (!stored.listed) return { kind: 'done' };
    const desired = desiredVolume(stored.bytes);
    if (right.of(desired.platform) === 'none') return { kind: 'again', afterMs: HELD_MS };
    try {
      const record = (await store.record(id)) ?? newRecord(id, desired.generation, clock.now());
      const work = this.prepare(desired, record, run.signal);
      return desired.want === 'running' ? await this.keep(work) : await this.end(work);
    } catch (error) {
      const { failure, outcome } = misfortuneOf(error);
      await this.report(desired, 'failed', [], failure.trouble.message, failure.trouble.reason);
      return outcome.kind === 'terminal' && desired.want !== 'running' ? { kind: 'again', afterMs: HELD_MS } : outcome;
    }
  }

  private prepare(desired: DesiredVolume, record: SpaceRecord, signal: AbortSignal): Work {
    const { platforms } = this.parts;
    const driver = platforms.driver(desired.platform);
    if (!driver) {
      const message = `The leaf of this location does not drive ${desired.platform}.`;
      throw new KnotError('backend.forbidden', message, `Switch ${desired.platform} on in its knot.yaml.`);
    }
    const spec = {
      mark: { ...platforms.scope, space: desired.id },
      display: { space: desired.name, owner: '' },
      job: '',
      volumes: desired.definition,
      hash: `volume:${desired.generation}`,
      policy: platforms.policyWith([]),
    };
    return { desired, driver, spec, record, signal };
  }

  private async keep(work: Work): Promise<Outcome> {
    const { desired, driver, spec } = work;
    const refs = await this.call(work, (signal) => driver.volumesOf(spec, signal));
    const seen = await this.look(work, refs);
    const missing = refs.filter(({ backendId }) => stateOf(seen, backendId) === 'missing');
    if (missing.length > 0) {
      if (!this.mayAct(desired)) return { kind: 'again', afterMs: HELD_MS };
      await this.parts.store.putRecord({ ...work.record, volumes: unitedVolumes(work.record.volumes, refs) });
      if (!this.mayAct(desired)) return { kind: 'again', afterMs: HELD_MS };
      await this.call(work, (signal) => driver.createVolumes(spec, missing, signal));
      await this.report(desired, 'pending', seen, 'It is being made.', 'CreatingVolumes');
      return { kind: 'again', afterMs: 0 };
    }
    const failed = seen.find(({ state }) => state === 'failed');
    if (failed) {
      await this.report(desired, 'failed', seen, failed.message, 'VolumeFailed');
      return { kind: 'again', afterMs: 60_000 };
    }
    if (seen.some(({ state }) => state === 'pending')) {
      await this.report(desired, 'pending', seen, 'It is being made.', 'CreatingVolumes');
      return { kind: 'again', afterMs: LOOK_AGAIN_MS };
    }
    await this.report(desired, 'ready', seen, 'It is there.', 'VolumesCreated');
    return { kind: 'done' };
  }

  private async end(work: Work): Promise<Outcome> {
    const { desired, driver, spec, record } = work;
    const refs =
      record.volumes.length > 0 ? record.volumes : await this.call(work, (signal) => driver.volumesOf(spec, signal));
    const seen = await this.look(work, refs);
    const left = seen.filter(({ state }) => state !== 'missing');
    if (left.length === 0) {
      const finalized = desired.want === 'deleted' && this.mayAct(desired);
      await this.report(desired, 'absent', [], 'It is gone.', 'Deleted', finalized);
      return finalized || desired.want === 'stopped' ? { kind: 'done' } : { kind: 'again', afterMs: HELD_MS };
    }
    if (!this.mayAct(desired)) return { kind: 'again', afterMs: HELD_MS };
    await this.report(desired, 'removing', seen, 'It is being removed.', 'Deleting');
    await this.call(work, (signal) => driver.destroyVolumes(spec.mark, left, signal));
    return { kind: 'again', afterMs: 200 };
  }

  private mayAct({ platform }: DesiredVolume): boolean {
    return this.parts.right.of(platform) === 'full';
  }

  private async look({ driver, spec, signal }: Work, refs: readonly VolumeRef[]): Promise<readonly ObservedVolume[]> {
    const request = { mark: spec.mark, volumes: refs, spec: null, verified: '' };
    const { volumes } = await within(this.parts.clock, CALL_MS, signal, (limited) => driver.observe(request, limited));
    return volumes;
  }

  private call<T>({ signal, desired }: Work, deed: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return within(this.parts.clock, Math.min(CALL_MS, this.parts.right.leftMs(desired.platform)), signal, deed);
  }

  private async report(
    desired: DesiredVolume,
    state: VolumeState,
    volumes: readonly ObservedVolume[],
    message: string,
    reason: Condition['reason'],
    finalized = false,
  ): Promise<void> {
    const { store, clock, onReport } = this.parts;
    const verdict = { state, reason, message, volumes };
    const text = JSON.stringify([desired.generation, verdict, finalized]);
    if (this.told.get(desired.id) === text) return;
    const conditions = volumeConditions(verdict, clock.now());
    const report: VolumeReport = { observedGeneration: desired.generation, state, conditions, finalized };
    await store.putVolumeObserved(desired.id, JSON.stringify(report));
    this.told.set(desired.id, text);
    onReport();
  }

  private async forget(id: string): Promise<Outcome> {
    this.told.delete(id);
    await this.parts.store.forget('volume', id);
    await this.parts.store.forget('space', id);
    return { kind: 'done' };
  }
}

function stateOf(seen: readonly ObservedVolume[], backendId: string): ObservedVolume['state'] {
  return seen.find((volume) => volume.backendId === backendId)?.state ?? 'missing';
}
