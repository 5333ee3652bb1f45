import type { DesiredSpace, ObservedSpace, Observation, Platform, SpaceRecord, SpaceSnapshot } from '@knot/domain';
import type { MarkedObject, WorkloadSpec } from '@knot/drivers';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { LeafStore } from '@knot/shared/store';
import type { RightToAct } from '../authority/right-to-act.js';
import { backendLabel, type Platforms } from '../platforms/platforms.js';
import { within } from '../within.js';
import type { Done } from './deeds.js';
import { misfortuneOf, type Misfortune } from './failure.js';
import { recordForWish } from './records.js';
import type { Rendering } from './rendering.js';
import { unitedVolumes, type Work } from './work.js';
import { workloadSpec } from './workload-spec.js';

const LIST_MS = 20_000;
const NO_DRIVER_MS = 60_000;

export type Prepared =
  | { readonly kind: 'work'; readonly work: Work }
  /** It was never handed to any backend. */
  | {
      readonly kind: 'nothing-anywhere';
      readonly record: SpaceRecord;
      readonly previous: ObservedSpace | null;
      readonly nothing: Done;
    }
  | {
      readonly kind: 'failed';
      readonly record: SpaceRecord;
      readonly previous: ObservedSpace | null;
      readonly misfortune: Misfortune;
    };

/** Puts together what a run needs: what is remembered, the driver, the rendered template. */
export class Preparation {
  constructor(
    private readonly parts: {
      readonly store: LeafStore;
      readonly platforms: Platforms;
      readonly rendering: Rendering;
      readonly right: RightToAct;
      readonly clock: Clock;
      /** Whether the backends hold marked objects that had no row when they were last listed. */
      readonly isOrphan: (id: string) => boolean;
      /** False where they were all listed and held nothing of it. */
      readonly mayHold: (id: string) => boolean;
      /** What the workload of a start gets to join with; undefined for one without an agent. */
      readonly environmentOf: (snapshot: SpaceSnapshot) => WorkloadSpec['environment'];
    },
  ) {}

  async prepare(desired: DesiredSpace, signal: AbortSignal): Promise<Prepared> {
    const { store, clock } = this.parts;
    const known = await store.record(desired.id);
    const previous = await store.observed(desired.id);
    let record = recordForWish(known, desired, clock.now());
    try {
      let platform = desired.snapshot?.platform ?? null;
      const isStranger = !known && this.isLookedFor(desired);
      const isInherited = record.inherited && (desired.want === 'deleted' || this.parts.isOrphan(desired.id));
      if (isStranger || isInherited || (platform === null && desired.want === 'deleted')) {
        const isUnbegun = platform === null && desired.want === 'stopped' && !record.inherited;
        const found = await this.marked(desired.id, platform, isUnbegun, signal);
        platform ??= found[0]?.platform ?? null;
        record = {
          ...record,
          inherited: false,
          volumes: unitedVolumes(
            record.volumes,
            found.flatMap(({ volumes }) => volumes),
          ),
        };
      }
      if (platform === null)
        return { kind: 'nothing-anywhere', record, previous, nothing: this.nothing(desired, record) };
      return { kind: 'work', work: await this.work(desired, record, previous, platform, signal) };
    } catch (error) {
      return { kind: 'failed', record, previous, misfortune: this.misfortune(error) };
    }
  }

  /** A space without a record: one that was never started and is new since all was listed has nothing anywhere. */
  private isLookedFor({ id, want, snapshot }: DesiredSpace): boolean {
    if (want === 'running') return this.parts.isOrphan(id);
    return want === 'deleted' || snapshot !== null || this.parts.mayHold(id);
  }

  private async work(
    desired: DesiredSpace,
    record: SpaceRecord,
    previous: ObservedSpace | null,
    platform: Platform,
    signal: AbortSignal,
  ): Promise<Work> {
    const { platforms, rendering } = this.parts;
    const driver = platforms.driver(platform);
    if (!driver) throw missing(platform);
    const mark = { ...platforms.scope, space: desired.id };
    const base = { desired, record, previous, platform, driver, mark, signal };
    const { snapshot } = desired;
    if (desired.want !== 'running' || !snapshot) return { ...base, spec: null, rendered: null };
    try {
      const environment = this.parts.environmentOf(snapshot);
      const spec = workloadSpec(platforms, mark, snapshot, rendering.text(snapshot), environment);
      return { ...base, spec, rendered: await rendering.volumes(snapshot, spec, driver, signal) };
    } catch (error) {
      const { failure, terminal } = misfortuneOf(error);
      if (!terminal) throw error;
      return { ...base, spec: null, rendered: { ok: false, trouble: failure.trouble } };
    }
  }

  /**
   * What the backends hold for a space that this leaf has no memory of, or not the whole. `lenient` passes over one that
   * does not answer: a space that was never started is not in trouble for the silence of a backend that it may not even
   * be for, and its deletion asks all of them again.
   */
  private async marked(id: string, platform: Platform | null, lenient: boolean, signal: AbortSignal) {
    const { platforms, clock } = this.parts;
    const asked = platforms.all.filter((driver) => platform === null || driver.platform === platform);
    const all = await Promise.all(
      asked.map(async (driver) => {
        const asking = within(clock, LIST_MS, signal, (limited) => driver.list(limited, id));
        const listed = await asking.catch((error: unknown) => {
          if (!lenient || signal.aborted) throw error;
          return [];
        });
        const own = listed.filter(({ space }) => space === id);
        return { platform: driver.platform, objects: own.length, volumes: own.flatMap(volumeRef) };
      }),
    );
    return all.filter(({ objects }) => objects > 0);
  }

  private nothing(desired: DesiredSpace, record: SpaceRecord): Done {
    const observation: Observation = { workload: { state: 'absent' }, volumes: [], events: [] };
    const as = (step: Done['step']): Done => ({ step, record, observation, events: [] });
    switch (desired.want) {
      case 'deleted':
        return as(this.parts.right.refused === null ? { do: 'finalize' } : { do: 'hold', due: 'finalize' });
      case 'stopped':
        return as({ do: 'settle' });
      case 'running': {
        const message = 'This space has never been started. Start it.';
        return as({ do: 'stall', trouble: { reason: 'NothingToRun', message } });
      }
    }
  }

  private misfortune(error: unknown): Misfortune {
    const known = misfortuneOf(error);
    if (!(error instanceof KnotError) || error.code !== 'feature.missing') return known;
    const trouble = { reason: 'PlatformMissing', message: `${error.message} ${error.hint}` } as const;
    return { failure: { trouble, stalls: true }, terminal: false, outcome: { kind: 'again', afterMs: NO_DRIVER_MS } };
  }
}

function volumeRef({ kind, name, backendId }: MarkedObject) {
  return kind === 'volume' ? [{ name, backendId }] : [];
}

function missing(platform: Platform): KnotError {
  const message = `The leaf of this location does not drive ${backendLabel(platform)}.`;
  return new KnotError(
    'feature.missing',
    message,
    `Switch ${platform} on in its knot.yaml, or choose another location.`,
  );
}
