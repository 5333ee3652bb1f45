import { describe, expect, test } from 'vitest';
import type { Clock, TimerHandle } from './clock.js';
import { createEngine } from './engine.js';
import type { RunFinished } from './hooks.js';
import type { EngineOptions, RunContext } from './options.js';
import type { Outcome } from './outcome.js';
import { VirtualClock } from './testing/index.js';

const DONE: Outcome = { kind: 'done' };
const RETRY: Outcome = { kind: 'retry', error: new Error('backend away') };

interface SeenRun extends RunContext {
  key: string;
  at: number;
}

/** An engine under a virtual clock whose runs are written down; a run ends at once with what `answer` says. */
function world(
  answer: (run: SeenRun) => Outcome | Promise<Outcome> = () => DONE,
  options: Partial<EngineOptions> = {},
) {
  const clock = new VirtualClock();
  const runs: SeenRun[] = [];
  const finished: RunFinished[] = [];
  const engine = createEngine({
    reconcile: async (key, context) => {
      const run = { ...context, key, at: clock.now() };
      runs.push(run);
      return answer(run);
    },
    workers: 1,
    clock,
    random: () => 0.5,
    hooks: { runFinished: (run) => finished.push(run) },
    ...options,
  });
  engine.start();
  const took = (ms: number, outcome: Outcome = DONE) =>
    new Promise<Outcome>((resolve) => clock.setTimeout(() => resolve(outcome), ms));
  return {
    clock,
    engine,
    runs,
    finished,
    took,
    order: () => runs.map((run) => run.key),
    times: () => runs.map((run) => run.at),
  };
}

describe('asks', () => {
  test('a key asked for many times before it runs runs once, at the highest priority', async () => {
    const { engine, runs, clock } = world();
    engine.add('a', 'resync');
    engine.add('a', 'status');
    engine.add('a', 'drift');
    await clock.settle();
    expect(runs).toMatchObject([{ key: 'a', priority: 'status', attempt: 1 }]);
    expect(engine.stats().keys).toBe(0);
  });

  test('a key asked for while it runs runs again afterwards and never twice at once', async () => {
    const { engine, runs, clock, took } = world(() => took(100), { workers: 4 });
    engine.add('a', 'status');
    await clock.advance(50);
    engine.add('a', 'resync');
    engine.add('a', 'user');
    expect(engine.stats()).toMatchObject({ processing: 1, dirty: 1 });
    await clock.advance(500);
    expect(runs).toMatchObject([
      { at: 0, priority: 'status' },
      { at: 100, priority: 'user' },
    ]);
  });

  test('no more keys run at once than there are workers', async () => {
    const { engine, clock, took } = world(() => took(10), { workers: 3 });
    for (let i = 0; i < 7; i++) engine.add(`k${i}`, 'drift');
    await clock.settle();
    expect(engine.stats()).toMatchObject({ processing: 3, queued: { drift: 4 } });
    await clock.advance(15);
    expect(engine.stats()).toMatchObject({ processing: 3, queued: { drift: 1 }, oldestAgeMs: { drift: 15, user: 0 } });
    await clock.advance(15);
    expect(engine.stats()).toMatchObject({ processing: 0, keys: 0 });
  });

  test('a user wish during a resync of 10,000 keys is the next to run', async () => {
    const { engine, runs, clock, took } = world(() => took(10), { workers: 4 });
    for (let i = 0; i < 10_000; i++) engine.add(`space ${i}`, 'resync');
    await clock.advance(12_345);
    engine.add('space 9999', 'user');
    await clock.advance(10);
    expect(runs.at(-1)?.at).toBe(12_350);
    expect(runs.find((run) => run.priority === 'user')).toMatchObject({ key: 'space 9999', at: 12_350 });
  });

  test('nothing runs inside the call that asks for it', () => {
    const { engine, runs } = world();
    engine.add('a', 'user');
    expect(runs).toEqual([]);
  });
});

describe('failures', () => {
  test('a key that fails backs off further each time, and success forgets it', async () => {
    const { engine, times, runs, clock } = world((run) => (run.at < 1_000 ? RETRY : DONE), { random: () => 0 });
    engine.add('a', 'status');
    await clock.advance(5_000);
    expect(times().slice(0, 3)).toEqual([0, 50, 100]);
    expect(runs.map((run) => run.attempt)).toEqual(runs.map((_, index) => index + 1));
    expect(engine.stats().keys).toBe(0);
    engine.add('a', 'status');
    await clock.settle();
    expect(runs.at(-1)?.attempt).toBe(1);
  });

  test('the waits grow to five minutes and stay there', async () => {
    const { engine, times, clock } = world(() => RETRY, { random: () => 1 - 2 ** -53 });
    engine.add('a', 'status');
    await clock.advance(3_600_000);
    const waits = times()
      .map((at, index, all) => at - (all[index - 1] ?? 0))
      .slice(1);
    expect(waits.slice(0, 3).map(Math.round)).toEqual([100, 200, 400]);
    expect(Math.round(Math.max(...waits))).toBe(300_000);
    expect(Math.round(waits.at(-1) ?? 0)).toBe(300_000);
  });

  test('a throw is a retry', async () => {
    const { engine, runs, finished, clock } = world((run) => {
      if (run.attempt === 1) throw new Error('unexpected');
      return DONE;
    });
    engine.add('a', 'drift');
    await clock.advance(200);
    expect(runs).toMatchObject([{ attempt: 1 }, { attempt: 2, priority: 'drift' }]);
    expect(finished.map((run) => run.outcome.kind)).toEqual(['retry', 'done']);
  });

  test('a throw before the first await is a retry too', async () => {
    let calls = 0;
    const { engine, clock } = world(undefined, {
      reconcile: () => {
        if (++calls === 1) throw new Error('at once');
        return Promise.resolve(DONE);
      },
    });
    engine.add('a', 'drift');
    await clock.advance(200);
    expect(calls).toBe(2);
  });

  test('one failing key holds up no other', async () => {
    const { engine, runs, clock } = world((run) => (run.key === 'bad' ? RETRY : DONE));
    engine.add('bad', 'user');
    await clock.advance(60_000);
    engine.add('good', 'resync');
    await clock.settle();
    expect(runs.at(-1)).toMatchObject({ key: 'good', at: 60_000 });
  });

  test('a hint during the back-off waits for its end and is answered by the same run', async () => {
    const { engine, times, runs, clock } = world((run) => (run.attempt === 1 ? RETRY : DONE));
    engine.add('a', 'resync');
    await clock.advance(10);
    engine.add('a', 'status');
    expect(engine.stats()).toMatchObject({ backingOff: 1, queued: { status: 0 } });
    await clock.advance(10_000);
    expect(times()).toEqual([0, 75]);
    expect(runs.at(-1)?.priority).toBe('status');
  });

  test('a user wish ends the back-off at once and its count', async () => {
    const { engine, runs, clock } = world(() => RETRY);
    engine.add('a', 'status');
    await clock.advance(60_000);
    const before = runs.length;
    engine.add('a', 'user');
    await clock.settle();
    expect(runs.length).toBe(before + 1);
    expect(runs.at(-1)).toMatchObject({ at: 60_000, attempt: 1, priority: 'user' });
  });

  test('a user wish for later ends the back-off at its own moment, not at that of a hint before it', async () => {
    const { engine, runs, clock } = world((run) => (run.at === 0 ? RETRY : DONE), { backoff: { minMs: 60_000 } });
    engine.add('a', 'status');
    await clock.advance(10);
    engine.addAfter('a', 2_000, 'user');
    engine.addAfter('a', 1_000, 'drift');
    await clock.advance(600_000);
    expect(runs).toMatchObject([{ at: 0 }, { at: 2_010, attempt: 1, priority: 'user' }]);
    expect(runs).toHaveLength(2);
  });

  test('a user wish during a run that then fails is not held back by that failure', async () => {
    const { engine, runs, clock, took } = world((run) => took(100, run.at === 0 ? RETRY : DONE));
    engine.add('a', 'drift');
    await clock.advance(50);
    engine.add('a', 'user');
    await clock.advance(500);
    expect(runs).toMatchObject([{ at: 0 }, { at: 100, attempt: 1, priority: 'user' }]);
    expect(runs).toHaveLength(2);
  });

  test('success counts even when the key was asked for meanwhile', async () => {
    const { engine, runs, clock, took } = world((run) => took(10, run.attempt === 1 && run.at === 0 ? RETRY : DONE));
    engine.add('a', 'drift');
    await clock.advance(90);
    engine.add('a', 'drift');
    await clock.advance(1_000);
    expect(runs).toMatchObject([
      { at: 0, attempt: 1 },
      { at: 85, attempt: 2 },
      { at: 95, attempt: 1 },
    ]);
  });

  test('again is a success, so the next failure waits as the first does', async () => {
    const { engine, runs, clock } = world((run) => {
      if (run.at < 1_000) return run.attempt < 4 ? RETRY : { kind: 'again', atMs: 1_000 };
      return run.at === 1_000 ? RETRY : DONE;
    });
    engine.add('a', 'drift');
    await clock.advance(10_000);
    expect(runs.map((run) => run.attempt)).toEqual([1, 2, 3, 4, 1, 2]);
    expect(runs.slice(-2).map((run) => run.at)).toEqual([1_000, 1_075]);
  });

  test('after a terminal failure there is silence until the key is asked for', async () => {
    const keys = () => ['a'];
    const { engine, times, clock } = world(
      (run) => (run.at === 0 ? { kind: 'terminal', reason: 'BadTemplate' } : DONE),
      {
        resync: { everyMs: 1_000, keys },
      },
    );
    engine.add('a', 'user');
    await clock.advance(60_000);
    expect(times()).toEqual([0]);
    expect(engine.stats().terminal).toBe(1);
    engine.add('a', 'drift');
    await clock.settle();
    expect(times()).toEqual([0, 60_000]);
    expect(engine.stats().terminal).toBe(0);
  });

  test('an answer that makes no sense is a retry', async () => {
    const { engine, runs, finished, clock } = world((run) => (run.attempt === 1 ? { kind: 'again', atMs: NaN } : DONE));
    engine.add('a', 'user');
    await clock.advance(200);
    expect(runs).toHaveLength(2);
    expect(finished[0]?.outcome.kind).toBe('retry');
  });
});

describe('later', () => {
  test('again comes back at its moment, below users changes', async () => {
    const { engine, runs, clock } = world((run) => (run.at === 0 ? { kind: 'again', atMs: 5_000 } : DONE));
    engine.add('a', 'user');
    await clock.advance(4_999);
    expect(runs).toHaveLength(1);
    await clock.advance(1);
    expect(runs.at(-1)).toMatchObject({ at: 5_000, priority: 'status', attempt: 1 });
  });

  test('a run that comes earlier takes the place of again', async () => {
    const { engine, times, clock } = world((run) => (run.at === 0 ? { kind: 'again', afterMs: 5_000 } : DONE));
    engine.add('a', 'user');
    await clock.advance(1_000);
    engine.add('a', 'drift');
    await clock.advance(60_000);
    expect(times()).toEqual([0, 1_000]);
    expect(clock.pending).toBe(0);
  });

  test('a later again does not put off an earlier moment', async () => {
    const { engine, times, clock, took } = world((run) =>
      run.at === 0 ? took(100, { kind: 'again', afterMs: 9_000 }) : DONE,
    );
    engine.add('a', 'user');
    await clock.advance(50);
    engine.addAfter('a', 1_000, 'drift');
    engine.addAfter('a', 4_000, 'drift');
    await clock.advance(60_000);
    expect(times()).toEqual([0, 1_050]);
  });

  test('a moment months away comes neither early nor never', async () => {
    const month = 30 * 24 * 3_600_000;
    const { engine, times, clock } = world();
    engine.addAfter('a', 3 * month, 'status');
    await clock.advance(3 * month - 1);
    expect(times()).toEqual([]);
    await clock.advance(1);
    expect(times()).toEqual([3 * month]);
  });

  test('no timer is longer than Node can hold, which fires a longer one at once', async () => {
    const clock = new NodeLikeClock();
    const month = 30 * 24 * 3_600_000;
    const { engine } = world(undefined, { clock, resync: { everyMs: 1_000 * month, keys: () => ['b'] } });
    engine.addAfter('a', 3 * month, 'status');
    await clock.advance(2 * month);
    expect(clock.tooLong).toBe(0);
    expect(clock.set).toBeLessThan(10);
  });

  test('ten thousand keys that wait take one timer', async () => {
    const { engine, clock } = world();
    for (let i = 0; i < 10_000; i++) engine.addAfter(`k${i}`, 1_000 + i, 'resync');
    expect(clock.pending).toBe(1);
    expect(engine.stats().waiting).toBe(10_000);
    await clock.advance(20_000);
    expect(clock.pending).toBe(0);
    expect(engine.stats().keys).toBe(0);
  });
});

describe('runs without an end', () => {
  test('a run past its deadline is aborted and counts as a failure, but its key never runs twice at once', async () => {
    const { engine, runs, finished, clock, took } = world((run) => (run.at === 0 ? took(60_000) : DONE), {
      runDeadlineMs: 1_000,
    });
    engine.add('a', 'user');
    await clock.advance(1_000);
    expect(runs[0]?.signal.aborted).toBe(true);
    expect(finished).toMatchObject([{ key: 'a', durationMs: 1_000, outcome: { kind: 'deadline' } }]);
    engine.add('a', 'user');
    await clock.advance(58_999);
    expect(runs).toHaveLength(1);
    expect(engine.stats()).toMatchObject({ processing: 1, overdue: 1, dirty: 1 });
    await clock.advance(1);
    expect(runs).toMatchObject([{ at: 0 }, { at: 60_000 }]);
    expect(finished).toHaveLength(2);
  });

  test('a run that heeds the abort is tried again after a back-off', async () => {
    const { engine, runs, clock } = world(
      (run) =>
        run.attempt > 1
          ? DONE
          : new Promise((_, reject) => run.signal.addEventListener('abort', () => reject(new Error('aborted')))),
      { runDeadlineMs: 1_000 },
    );
    engine.add('a', 'drift');
    await clock.advance(10_000);
    expect(runs).toMatchObject([
      { at: 0, attempt: 1 },
      { at: 1_075, attempt: 2 },
    ]);
  });

  test('runs that never end do not keep the workers from the other keys', async () => {
    const { engine, order, clock } = world((run) => (run.key === 'good' ? DONE : new Promise(() => undefined)), {
      workers: 2,
      runDeadlineMs: 1_000,
    });
    engine.add('stuck 1', 'user');
    engine.add('stuck 2', 'user');
    engine.add('good', 'resync');
    await clock.advance(1_000);
    expect(order()).toEqual(['stuck 1', 'stuck 2', 'good']);
  });
});

describe('forgetting', () => {
  test('a forgotten key neither runs nor stays in memory, whatever was asked of it', async () => {
    const { engine, order, clock } = world((run) =>
      run.key === 'failing' ? RETRY : { kind: 'terminal', reason: 'No' },
    );
    engine.add('failing', 'user');
    engine.add('terminal', 'user');
    await clock.advance(10);
    engine.add('queued', 'user');
    engine.addAfter('waiting', 10, 'user');
    for (const key of ['failing', 'terminal', 'queued', 'waiting']) engine.forget(key);
    expect(engine.stats()).toMatchObject({ keys: 0, waiting: 0, queued: { user: 0 } });
    await clock.advance(600_000);
    expect(order()).toEqual(['failing', 'terminal']);
    expect(clock.pending).toBe(0);
  });

  test('a key forgotten by its own run is gone, and one asked for again afterwards runs after it', async () => {
    const { engine, times, clock, took } = world((run) => {
      engine.forget(run.key);
      return took(100, run.at === 0 ? RETRY : DONE);
    });
    engine.add('a', 'user');
    await clock.advance(50);
    expect(engine.stats().processing).toBe(1);
    engine.add('a', 'drift');
    await clock.advance(10_000);
    expect(times()).toEqual([0, 100]);
    expect(engine.stats().keys).toBe(0);
  });
});

describe('start and stop', () => {
  test('what is added before the start runs after it', async () => {
    const { engine, order, clock } = world();
    await engine.stop();
    engine.add('a', 'user');
    engine.addAfter('b', 10, 'user');
    await clock.advance(1_000);
    expect(order()).toEqual([]);
    engine.start();
    await clock.advance(0);
    expect(order()).toEqual(['a', 'b']);
  });

  test('stop lets runs end, begins no other and resolves then', async () => {
    const { engine, order, clock, took } = world(() => took(500));
    engine.add('a', 'user');
    engine.add('b', 'user');
    await clock.settle();
    let stopped = false;
    const stopping = engine.stop().then(() => (stopped = true));
    await clock.advance(499);
    expect(stopped).toBe(false);
    await clock.advance(1);
    await stopping;
    expect(order()).toEqual(['a']);
    expect(clock.pending).toBe(0);
    engine.start();
    await clock.advance(1_000);
    expect(order()).toEqual(['a', 'b']);
  });

  test('stop aborts what does not end, and the next start does it again without a back-off', async () => {
    const { engine, runs, clock } = world(
      (run) =>
        run.at > 0
          ? DONE
          : new Promise((_, reject) => run.signal.addEventListener('abort', () => reject(new Error('aborted')))),
      { drainMs: 2_000 },
    );
    engine.add('a', 'user');
    await clock.settle();
    const stopping = engine.stop();
    await clock.advance(2_000);
    await stopping;
    engine.start();
    await clock.settle();
    expect(runs).toMatchObject([
      { at: 0, attempt: 1 },
      { at: 2_000, attempt: 1, priority: 'user' },
    ]);
  });

  test('stop does not wait for ever for a run that ignores its abort', async () => {
    const { engine, clock } = world(() => new Promise(() => undefined), { drainMs: 2_000, abortGraceMs: 300 });
    engine.add('a', 'user');
    await clock.settle();
    let stopped = false;
    const stopping = engine.stop().then(() => (stopped = true));
    await clock.advance(2_299);
    expect(stopped).toBe(false);
    await clock.advance(1);
    await stopping;
    expect(engine.stats().processing).toBe(1);
  });

  test('idle resolves when nothing is queued and nothing runs', async () => {
    const { engine, order, clock, took } = world(() => took(100));
    await engine.idle();
    engine.add('a', 'user');
    engine.add('b', 'user');
    let idle = false;
    void engine.idle().then(() => (idle = true));
    await clock.advance(199);
    expect(idle).toBe(false);
    await clock.advance(1);
    expect(idle).toBe(true);
    expect(order()).toEqual(['a', 'b']);
  });

  test('options that make no sense are refused', () => {
    expect(() => world(undefined, { workers: 0 })).toThrow(/workers/);
    expect(() => world(undefined, { backoff: { minMs: 0 } })).toThrow(/backoff/);
    expect(() => world(undefined, { resync: { everyMs: 0, keys: () => [] } })).toThrow(/everyMs/);
    expect(() => world().engine.addAfter('a', NaN, 'user')).toThrow(RangeError);
  });
});

describe('hooks', () => {
  test('each run tells its wait, its time and its outcome, each retry its delay', async () => {
    const told: unknown[] = [];
    const { engine, clock, took } = world((run) => took(20, run.attempt === 1 ? RETRY : DONE), {
      hooks: {
        runStarted: (run) => told.push(['started', run.waitedMs, run.attempt]),
        runFinished: (run) => told.push(['finished', run.durationMs, run.outcome.kind]),
        retryScheduled: (retry) => told.push(['retry', retry.delayMs, retry.failures]),
      },
    });
    await engine.stop();
    engine.add('a', 'user');
    await clock.advance(7);
    engine.start();
    await clock.advance(1_000);
    expect(told).toEqual([
      ['started', 7, 1],
      ['finished', 20, 'retry'],
      ['retry', 75, 1],
      ['started', 0, 2],
      ['finished', 20, 'done'],
    ]);
  });

  test('a hook that throws costs no run', async () => {
    const fail = () => {
      throw new Error('metrics are broken');
    };
    const { engine, order, clock } = world((run) => (run.attempt === 1 ? RETRY : DONE), {
      hooks: { runStarted: fail, runFinished: fail, retryScheduled: fail },
    });
    engine.add('a', 'user');
    await clock.advance(1_000);
    expect(order()).toEqual(['a', 'a']);
  });
});

class NodeLikeClock extends VirtualClock {
  set = 0;
  tooLong = 0;

  override setTimeout(fire: () => void, ms: number): TimerHandle {
    this.set++;
    if (ms > 2 ** 31 - 1) this.tooLong++;
    return super.setTimeout(fire, ms);
  }
}

const realClock: Clock = {
  now: () => performance.now(),
  setTimeout: (fire, ms) => {
    const timer = setTimeout(fire, ms);
    return { clear: () => clearTimeout(timer) };
  },
  clearTimeout: (timer) => timer.clear(),
};

test('ten thousand runs that wait for nothing let the event loop turn in between', async () => {
  let runs = 0;
  let turns = 0;
  const engine = createEngine({
    reconcile: () => {
      runs++;
      const until = performance.now() + 0.02;
      while (performance.now() < until);
      return Promise.resolve(DONE);
    },
    workers: 4,
    clock: realClock,
    random: Math.random,
  });
  engine.start();
  for (let i = 0; i < 10_000; i++) engine.add(`k${i}`, 'resync');
  const ticking = setInterval(() => turns++, 1);
  await engine.idle();
  clearInterval(ticking);
  await engine.stop();
  expect(runs).toBe(10_000);
  expect(turns).toBeGreaterThan(5);
});
