import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WANTS, type DesiredSpace } from './desired.js';
import { nextStep, STEP_LIMITS, type Authority, type Rendered, type Step, type StepInput } from './next-step.js';
import type { Observation, ObservedVolume, Workload } from './observed.js';
import { newRecord, type SpaceRecord } from './record.js';
import { RESTART_POLICIES } from './snapshot.js';
import { snapshotOf } from './testing/snapshot-of.js';

const HEALTHS = ['pending', 'starting', 'healthy', 'unhealthy', 'ended', 'stopping'] as const;
const ACTING: readonly Step['do'][] = ['create-volumes', 'apply', 'remove', 'destroy-volumes', 'finalize'];

const time = fc.integer({ min: 0, max: 3_000_000 });
const hash = fc.constantFrom('h1', 'h2');
const ref = fc.constantFrom('home', 'data', 'cache').map((name) => ({ name, backendId: `knot-s-${name}` }));
const refs = fc.uniqueArray(ref, { selector: ({ name }) => name });

const desired: fc.Arbitrary<DesiredSpace> = fc.record({
  id: fc.constant('s'),
  generation: fc.integer({ min: 1, max: 5 }),
  want: fc.constantFrom(...WANTS),
  restarts: fc.integer({ min: 0, max: 3 }),
  snapshot: fc.option(fc.tuple(hash, fc.constantFrom(...RESTART_POLICIES)).map(([h, policy]) => snapshotOf(h, policy))),
  name: fc.constant('s'),
  owner: fc.constant({ id: 'u', username: 'u' }),
  wishedAt: time,
});

const record: fc.Arbitrary<SpaceRecord> = fc.record({
  id: fc.constant('s'),
  appliedHash: fc.constantFrom('', 'h1', 'h2'),
  restartsSatisfied: fc.integer({ min: 0, max: 3 }),
  verified: fc.constantFrom('', 'r1'),
  wish: fc.record({ generation: fc.integer({ min: 1, max: 5 }), since: time }),
  appliedAt: time,
  endings: fc.record({ count: fc.integer({ min: 0, max: 9 }), lastAt: time }),
  ended: fc.boolean(),
  stall: fc.option(
    fc.integer({ min: 1, max: 5 }).map((generation) => ({
      generation,
      trouble: { reason: 'TemplateRejected' as const, message: 'no' },
    })),
  ),
  volumes: refs,
});

const workload: fc.Arbitrary<Workload> = fc.oneof(
  fc.constant<Workload>({ state: 'absent' }),
  fc.constant<Workload>({ state: 'foreign', message: 'not ours' }),
  fc.record({
    state: fc.constant('present' as const),
    health: fc.constantFrom(...HEALTHS),
    instance: fc.constantFrom('', 'i1'),
    revision: fc.constant('r1'),
    drift: fc.option(fc.constant('changed')),
    exitCode: fc.option(fc.constantFrom(0, 3)),
    trouble: fc.constant(null),
  }),
);

const volume: fc.Arbitrary<ObservedVolume> = fc
  .tuple(ref, fc.constantFrom('ready' as const, 'pending' as const, 'missing' as const, 'failed' as const))
  .map(([{ name, backendId }, state]) => ({ name, backendId, state, message: '' }));

const observation: fc.Arbitrary<Observation> = fc.record({
  workload,
  volumes: fc.uniqueArray(volume, { selector: ({ name }) => name }),
  events: fc.constant([]),
});

const rendered: fc.Arbitrary<Rendered | null> = fc.oneof(
  fc.constant(null),
  refs.map((volumes): Rendered => ({ ok: true, volumes })),
  fc.constant<Rendered>({ ok: false, trouble: { reason: 'RenderFailed', message: 'no' } }),
);

const authority = fc.constantFrom<Authority>('full', 'reapply', 'none');
const input: fc.Arbitrary<StepInput> = fc.record({ desired, record, observation, rendered, authority, now: time });

const check = (property: (given: StepInput) => void) => fc.assert(fc.property(input, property), { numRuns: 2_000 });

describe('nextStep', () => {
  it('answers every input, and the same input the same way', () =>
    check((given) => {
      expect(nextStep(structuredClone(given))).toEqual(nextStep(given));
    }));

  it('creates, removes and finalizes nothing without full authority', () =>
    check((given) => {
      const step = nextStep(given);
      if (given.authority === 'full' || !ACTING.includes(step.do)) return;
      expect(given.authority).toBe('reapply');
      expect(step.do).toBe('apply');
      expect(given.record.appliedHash).toBe(given.desired.snapshot?.hash);
    }));

  it('does no deed to a workload that is not ours', () =>
    check((given) => {
      if (given.observation.workload.state !== 'foreign') return;
      expect(['apply', 'remove', 'create-volumes']).not.toContain(nextStep(given).do);
    }));

  it('can always end what should not run: no stall, no settling, and no waiting for ever', () =>
    check((given) => {
      const { observation, desired: wish, authority: right } = given;
      if (wish.want === 'running' || observation.workload.state !== 'present' || right !== 'full') return;
      const step = nextStep(given);
      if (step.do === 'wait') {
        expect(observation.workload.health).toBe('stopping');
        expect(step.until - given.record.wish.since).toBeLessThanOrEqual(STEP_LIMITS.stopMs);
      } else expect(step.do).toBe('remove');
    }));

  it('destroys volumes of a deleted space only, and after its workload is gone', () =>
    check((given) => {
      const step = nextStep(given);
      if (step.do !== 'destroy-volumes' && step.do !== 'finalize') return;
      expect(given.desired.want).toBe('deleted');
      expect(given.observation.workload.state).not.toBe('present');
    }));

  it('does not try again what was refused for good, for the same generation', () =>
    check((given) => {
      const { stall, restartsSatisfied, appliedHash } = given.record;
      if (given.desired.want !== 'running' || stall?.generation !== given.desired.generation) return;
      const step = nextStep(given);
      const restarting = restartsSatisfied < given.desired.restarts && appliedHash !== '';
      expect(['apply', 'create-volumes', ...(restarting ? [] : ['remove'])]).not.toContain(step.do);
    }));

  it('hands nothing over before its volumes are ready', () =>
    check((given) => {
      if (nextStep(given).do !== 'apply' || !given.rendered?.ok) return;
      for (const { backendId } of given.rendered.volumes) {
        expect(given.observation.volumes.find((seen) => seen.backendId === backendId)?.state).toBe('ready');
      }
    }));

  it('brings a model of the world to what is wished, from wherever it is', () =>
    fc.assert(
      fc.property(input, fc.boolean(), (given, crashes) => {
        fc.pre(given.observation.workload.state !== 'foreign' && given.desired.snapshot !== null);
        fc.pre(given.rendered?.ok === true && given.observation.volumes.every(({ state }) => state !== 'failed'));
        const last = settle({ ...given, authority: 'full' }, crashes);
        const { workload: at } = last.observation;
        switch (given.desired.want) {
          case 'running':
            if (last.record.ended) return;
            expect(at).toMatchObject({ state: 'present', health: 'healthy', drift: null });
            expect(last.record.appliedHash).toBe(given.desired.snapshot?.hash);
            expect(last.record.restartsSatisfied).toBeGreaterThanOrEqual(given.desired.restarts);
            return;
          case 'stopped':
            expect(at.state).toBe('absent');
            return;
          case 'deleted':
            expect(at.state).toBe('absent');
            expect(last.observation.volumes.every(({ state }) => state === 'missing')).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    ));
});

/** Lets steps act on a plain world until nothing is due; with `crashes`, early records are written and their deeds lost. */
function settle(given: StepInput, crashes: boolean): StepInput {
  let world: StepInput = {
    ...given,
    record: { ...given.record, stall: null, wish: { generation: given.desired.generation, since: given.now } },
  };
  for (let turn = 0; turn < 60; turn++) {
    const step = nextStep(world);
    if (step.do === 'settle' || step.do === 'finalize') {
      const over = world.observation.workload.state === 'present' && world.observation.workload.health === 'ended';
      return over ? { ...world, record: { ...world.record, ended: true } } : world;
    }
    const after = act(step, world);
    const lost = crashes && turn < 12 && turn % 2 === 0;
    world = { ...after, observation: moveOn(lost ? world.observation : after.observation), now: after.now + 1_000 };
  }
  throw new Error('it does not come to rest');
}

function act(step: Step, world: StepInput): StepInput {
  const { record: before, observation: seen, desired: wish } = world;
  switch (step.do) {
    case 'wait':
      return { ...world, now: step.until };
    case 'create-volumes': {
      const others = seen.volumes.filter((known) => !step.missing.some((made) => made.backendId === known.backendId));
      const made = step.missing.map((one): ObservedVolume => ({ ...one, state: 'ready', message: '' }));
      return { ...world, observation: { ...seen, volumes: [...others, ...made] } };
    }
    case 'apply': {
      const endings = step.cause === 'ended' ? { count: before.endings.count + 1, lastAt: world.now } : before.endings;
      const handed = {
        appliedHash: wish.snapshot?.hash ?? '',
        restartsSatisfied: wish.restarts,
        endings,
        ended: false,
      };
      const fresh = { ...PRESENT, health: 'pending' as const };
      const kept = { ...before, ...handed, appliedAt: world.now };
      return { ...world, record: kept, observation: { ...seen, workload: fresh } };
    }
    case 'remove': {
      const { workload: at } = seen;
      const leaving: Workload = at.state === 'present' ? { ...at, health: 'stopping' } : at;
      const kept = step.cause === 'restart' ? before : { ...before, appliedHash: '', ended: false };
      return { ...world, record: kept, observation: { ...seen, workload: leaving } };
    }
    case 'destroy-volumes': {
      const volumes = seen.volumes.map((one): ObservedVolume => ({ ...one, state: 'missing' }));
      return { ...world, observation: { ...seen, volumes } };
    }
    case 'settle':
    case 'finalize':
    case 'stall':
    case 'hold':
      return world;
  }
}

const PRESENT = {
  state: 'present',
  health: 'healthy',
  instance: 'i2',
  revision: 'r2',
  drift: null,
  exitCode: null,
  trouble: null,
} as const;

/** What happens by itself: starts come to be healthy, stops end, volumes get ready. */
function moveOn(seen: Observation): Observation {
  const volumes = seen.volumes.map((one): ObservedVolume =>
    one.state === 'pending' ? { ...one, state: 'ready' } : one,
  );
  const { workload: at } = seen;
  if (at.state !== 'present') return { ...seen, volumes };
  if (at.health === 'stopping') return { ...seen, volumes, workload: { state: 'absent' } };
  const started = at.health === 'pending' || at.health === 'starting' || at.health === 'unhealthy';
  return { ...seen, volumes, workload: started ? { ...at, health: 'healthy' } : at };
}

describe('nextStep by example', () => {
  const base: StepInput = {
    desired: {
      id: 's',
      generation: 2,
      want: 'running',
      restarts: 0,
      snapshot: snapshotOf('h1'),
      name: 's',
      owner: { id: 'u', username: 'u' },
      wishedAt: 0,
    },
    record: { ...newRecord('s', 2, 0), appliedHash: 'h1' },
    observation: { workload: { ...PRESENT }, volumes: [], events: [] },
    rendered: { ok: true, volumes: [] },
    authority: 'full',
    now: 1_000,
  };

  it('adopts what runs already rather than restarting it', () => {
    const stranger = { ...newRecord('s', 2, 0) };
    const wish = { ...base.desired, restarts: 4 };
    expect(nextStep({ ...base, desired: wish, record: stranger })).toEqual({ do: 'apply', cause: 'update' });
  });

  it('calls a start stalled that is not healthy after ten minutes, with the reason the backend gave', () => {
    const trouble = { reason: 'NotPlaceable', message: 'no node' } as const;
    const stuck = { ...base.observation, workload: { ...PRESENT, health: 'pending', instance: '', trouble } as const };
    expect(nextStep({ ...base, observation: stuck }).do).toBe('wait');
    expect(nextStep({ ...base, observation: stuck, now: STEP_LIMITS.startMs })).toEqual({ do: 'stall', trouble });
  });

  it('puts back what ends by itself after pauses that double', () => {
    const ended = { ...base.observation, workload: { ...PRESENT, health: 'ended', exitCode: 3 } as const };
    const after = (count: number, lastAt = 1_000) => {
      const endings = { count, lastAt };
      return nextStep({ ...base, observation: ended, record: { ...base.record, endings } });
    };
    expect(nextStep({ ...base, observation: ended })).toEqual({ do: 'apply', cause: 'ended' });
    expect(after(1)).toMatchObject({ do: 'wait', until: 2_000 });
    expect(after(4)).toMatchObject({ do: 'wait', until: 9_000 });
    expect(after(40)).toMatchObject({ do: 'wait', until: 1_000 + STEP_LIMITS.ended.maxMs });
    // a clock that was put back is no pause
    expect(after(40, 2_000)).toEqual({ do: 'apply', cause: 'ended' });
  });

  it('puts back what somebody else changes at once, and after pauses that double where they go on', () => {
    const drifted = { ...base.observation, workload: { ...PRESENT, drift: 'count 2 instead of 1' } as const };
    const after = (count: number, lastAt = 1_000) => {
      const drifts = { count, lastAt };
      return nextStep({ ...base, observation: drifted, record: { ...base.record, drifts } });
    };
    const putBack = { do: 'apply', cause: 'drift' };
    expect(nextStep({ ...base, observation: drifted })).toEqual(putBack);
    expect(after(STEP_LIMITS.drifted.atOnce - 1)).toEqual(putBack);
    expect(after(STEP_LIMITS.drifted.atOnce)).toEqual({ do: 'wait', until: 2_000, trouble: null });
    expect(after(STEP_LIMITS.drifted.atOnce + 2)).toMatchObject({ do: 'wait', until: 5_000 });
    expect(after(40)).toMatchObject({ do: 'wait', until: 1_000 + STEP_LIMITS.drifted.maxMs });
    expect(after(40, 2_000)).toEqual(putBack);
  });

  it('makes the volumes of a new version before it is handed over', () => {
    const home = { name: 'home', backendId: 'knot-s-home' };
    const wish = { ...base.desired, snapshot: snapshotOf('h2') };
    const newer = { ...base, desired: wish, rendered: { ok: true, volumes: [home] } } as const;
    expect(nextStep(newer)).toEqual({ do: 'create-volumes', missing: [home] });
  });
});
