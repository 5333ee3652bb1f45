import {
  asScheduled,
  isStopOverdue,
  nextStep,
  observedOf,
  sameObserved,
  scheduleTurns,
  type DesiredSpace,
  type ObservedSpace,
  type Observation,
  type SpaceAgent,
  type SpaceRecord,
  type Step,
} from '@knot/domain';
import type { Outcome, RunContext } from '@knot/reconcile';
import { failpoint, type Clock } from '@knot/shared';
import { isKnotError } from '@knot/shared/errors';
import type { LeafStore } from '@knot/shared/store';
import type { RightToAct } from '../authority/right-to-act.js';
import { backendLabel } from '../platforms/platforms.js';
import { desiredSpace } from '../wire/desired-space.js';
import { within } from '../within.js';
import type { Deeds, Done } from './deeds.js';
import { misfortuneOf, type Misfortune } from './failure.js';
import { outcomeOf, soonerOf } from './outcome-of.js';
import { recordAfterLook, recordForWish } from './records.js';
import type { Preparation } from './preparation.js';
import { Veil } from './veil.js';
import { unitedVolumes, wantedVolumes, type Work } from './work.js';

/** How long one look at a backend may take, ms. */
const LOOK_MS = 10_000;
/** A failure that passes by itself is told from this attempt on. */
const TOLD_FROM_ATTEMPT = 3;
const HELD_MS = 10_000;

export interface SpaceReconcilerParts {
  readonly store: LeafStore;
  readonly preparation: Preparation;
  readonly deeds: Deeds;
  readonly right: RightToAct;
  readonly clock: Clock;
  /** The agent of a space; null where none is connected. */
  readonly agentOf: (space: string) => SpaceAgent | null;
  /** Something stands in the outbox. */
  readonly onReport: () => void;
  /** What is observed of a space is another than before. */
  readonly onSeen: (space: string) => void;
}

const NOTHING: Observation = { workload: { state: 'absent' }, volumes: [], events: [] };

/** Nothing was handed over that has not been seen to be gone, and no volume is to be looked for. */
function isNeverSeen(work: Work): boolean {
  const { record, previous } = work;
  const volumes = unitedVolumes(record.volumes, wantedVolumes(work) ?? []);
  return record.appliedHash === '' && volumes.length === 0 && (previous === null || previous.workload === 'absent');
}

/** Brings one space one step nearer to what it should be: look, decide, do at most one thing, record. */
export class SpaceReconciler {
  constructor(private readonly parts: SpaceReconcilerParts) {}

  async run(id: string, run: RunContext): Promise<Outcome> {
    const { store } = this.parts;
    const stored = await store.object('space', id);
    if (!stored) {
      await store.forget('space', id);
      return { kind: 'done' };
    }
    // An orphan is looked after by nobody until a person has said what is to become of it.
    if (!stored.listed) return { kind: 'done' };
    const wished = desiredSpace(stored.bytes);
    const desired = asScheduled(wished, this.parts.clock.now());
    const outcome = await this.bring(desired, run);
    return soonerOf(outcome, scheduleTurns(wished, this.parts.clock.now()), this.parts.clock.now());
  }

  private async bring(desired: DesiredSpace, run: RunContext): Promise<Outcome> {
    const { preparation, right } = this.parts;
    const prepared = await preparation.prepare(desired, run.signal);
    switch (prepared.kind) {
      case 'nothing-anywhere':
        return this.conclude(desired, prepared.record, prepared.previous, prepared.nothing, run);
      case 'failed':
        return this.fail(desired, prepared, prepared.misfortune, run);
      case 'work':
        // Whoever has no right to act has none to speak either: what it saw may be another's doing.
        if (right.of(prepared.work.platform) === 'none') return { kind: 'again', afterMs: HELD_MS };
        return this.work(prepared.work, run);
    }
  }

  private async work(work: Work, run: RunContext): Promise<Outcome> {
    const { right, deeds, clock } = this.parts;
    const first = await this.firstHandOver(work, run);
    if (first) return first;
    let seen: (Work & { readonly observation: Observation }) | null = null;
    let step: Step | null = null;
    try {
      const { record, observation } = await this.look(work);
      seen = { ...work, record, observation };
      step = nextStep({ ...seen, authority: right.of(work.platform), now: clock.now() });
      const done = await deeds.perform(step, seen);
      return await this.conclude(work.desired, work.record, work.previous, done, run, work);
    } catch (error) {
      const at = { ...work, observation: seen?.observation ?? null, step };
      return this.fail(work.desired, at, misfortuneOf(error), run);
    }
  }

  /**
   * The first hand-over of a workload needs no look: the backend itself refuses it where anything of that name is there
   * (`expect: ''`), and then the look follows. Null where this is no such run, or the backend refused.
   */
  private async firstHandOver(work: Work, run: RunContext): Promise<Outcome | null> {
    if (run.attempt > 1 || !isNeverSeen(work)) return null;
    const { right, deeds, clock } = this.parts;
    const seen = { ...work, observation: NOTHING };
    const step = nextStep({ ...seen, authority: right.of(work.platform), now: clock.now() });
    if (step.do !== 'apply' || !work.spec) return null;
    // It prepares the spec while what is about to be done is written down.
    work.driver.anticipate?.(work.spec, work.signal);
    try {
      const done = await deeds.perform(step, seen);
      return await this.conclude(work.desired, work.record, work.previous, done, run, work);
    } catch (error) {
      if (isKnotError(error, 'backend.conflict') || isKnotError(error, 'backend.foreign')) return null;
      return this.fail(work.desired, { ...seen, step }, misfortuneOf(error), run);
    }
  }

  private async look(work: Work): Promise<{ readonly record: SpaceRecord; readonly observation: Observation }> {
    const { clock } = this.parts;
    const { driver, mark, record, desired } = work;
    const volumes = unitedVolumes(record.volumes, wantedVolumes(work) ?? []);
    // Only what was handed over can have drifted from it.
    const spec = work.spec !== null && record.appliedHash === work.spec.hash ? work.spec : null;
    if (work.spec !== null && spec === null) driver.anticipate?.(work.spec, work.signal);
    const request = { mark, volumes, spec, verified: spec ? record.verified : '' };
    const observation = await within(clock, LOOK_MS, work.signal, (signal) => driver.observe(request, signal));
    return { observation, record: recordAfterLook(record, desired, observation, spec !== null, clock.now()) };
  }

  /** Stores what is now known, and reports it where it says anything new. */
  private async conclude(
    desired: DesiredSpace,
    before: SpaceRecord,
    previous: ObservedSpace | null,
    done: Done,
    run: RunContext,
    work: Work | null = null,
  ): Promise<Outcome> {
    const now = this.parts.clock.now();
    const { record, observation, step, events } = done;
    const observed = observedOf({
      desired,
      record,
      observation,
      wanted: work ? wantedVolumes(work) : null,
      step,
      failure: null,
      deeds: events,
      backend: work ? backendLabel(work.platform) : '',
      previous,
      agent: this.parts.agentOf(desired.id),
      stopOverdue: isStopOverdue({ desired, record, observation, rendered: null, authority: 'full', now }),
      now,
    });
    await this.store(desired, before, record, previous, observed);
    if (step.do === 'apply') await failpoint('leaf.create.recorded');
    return outcomeOf(done, now, run.priority);
  }

  private async fail(
    desired: DesiredSpace,
    at: Partial<Work> & {
      readonly previous: ObservedSpace | null;
      readonly observation?: Observation | null;
      readonly step?: Step | null;
    },
    { failure, terminal, outcome }: Misfortune,
    run: RunContext,
  ): Promise<Outcome> {
    if (run.signal.aborted) return outcome;
    const { previous, observation = null, step = null, rendered = null } = at;
    const told = failure.stalls || run.attempt >= TOLD_FROM_ATTEMPT;
    if (!told) return outcome;
    // Stopping and deleting are never given up.
    const stall = terminal && desired.want === 'running';
    // What was announced before the deed stands: whether it took effect is not known.
    const announced = recordForWish(await this.parts.store.record(desired.id), desired, this.parts.clock.now());
    const record = stall
      ? { ...announced, stall: { generation: desired.generation, trouble: failure.trouble } }
      : announced;
    const observed = observedOf({
      desired,
      record,
      observation,
      wanted: wantedVolumes({ rendered }),
      step,
      failure,
      deeds: [],
      backend: at.platform ? backendLabel(at.platform) : '',
      previous,
      agent: this.parts.agentOf(desired.id),
      stopOverdue: false,
      now: this.parts.clock.now(),
    });
    await this.store(desired, null, record, previous, observed);
    return terminal && !stall ? { kind: 'again', afterMs: HELD_MS } : outcome;
  }

  private async store(
    desired: DesiredSpace,
    before: SpaceRecord | null,
    fullRecord: SpaceRecord,
    previous: ObservedSpace | null,
    fullObserved: ObservedSpace,
  ): Promise<void> {
    const { store, onReport, onSeen } = this.parts;
    const veil = new Veil(desired.snapshot);
    const [record, observed] = [veil.record(fullRecord), veil.observed(fullObserved)];
    if (!previous || !sameObserved(previous, observed)) {
      await store.putObserved(record, observed);
      onReport();
      onSeen(desired.id);
    } else if (before === null || JSON.stringify(before) !== JSON.stringify(record)) {
      await store.putRecord(record);
    }
  }
}
