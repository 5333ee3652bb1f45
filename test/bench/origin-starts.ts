import { setTimeout as sleep } from 'node:timers/promises';
import { startOrigin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { percentile, spread, type Row } from './figures.js';
import { inParallel } from './in-parallel.js';
import { createKnotSide } from './knot-side.js';
import { JOB } from './kubernetes-product.js';
import { withOthers } from './machine-share.js';
import { enrolLeaves } from './many-leaves.js';
import { profiled } from './measured-cluster.js';
import { PlayedLeaf } from './played-leaf.js';
import { cpuSeconds, memoryOf } from './process-usage.js';

const WARM_UP = 100;
/** 20 starts a second. */
const GAP_MS = 50;
const CALLERS = 64;
const SETTLE_MS = 3_000;
const RESTING_MS = 10_000;

interface Figures {
  /** CPU of the origin for a start, until its leaf has reported that it runs, ms. */
  readonly cpu: number;
  /** Starts answered a second. */
  readonly rate: number;
  /** From the answer until its leaf has it, ms; below 0 where the leaf had it first. */
  readonly told50: number;
  readonly told99: number;
  readonly answered99: number;
  readonly others: number;
}

/** What a start costs the origin by itself: its leaf is played, so that no cluster shares the machine. */
export async function measureOriginStarts(options: BenchOptions): Promise<BenchResult> {
  const origin = await startOrigin({ env: profiled(options, 'origin') });
  const { hostname: host, port } = new URL(origin.url);
  const [bare] = await enrolLeaves({ host, port: Number(port), tls: false, ca: '' }, 1);
  if (bare === undefined) throw new Error('no leaf was enrolled');
  const leaf = await PlayedLeaf.begin(bare, 'kubernetes');
  const template = { name: 'fake', platform: 'kubernetes' as const, job: JOB, exceptions: ['toleration:kwok'] };
  const side = await createKnotSide(origin, bare.location, template, () => Promise.resolve());
  const cpu = () => cpuSeconds(origin.process.pid);

  const play = async (count: number, run: (starts: readonly (() => Promise<void>)[]) => Promise<void>) => {
    const startables = await side.prepare(count);
    await sleep(SETTLE_MS);
    const [begun, before] = [performance.now(), cpu()];
    const [answered, waits] = [new Map<string, number>(), [] as number[]];
    const starts = startables.map(({ job, start }) => async () => {
      const called = performance.now();
      await start();
      answered.set(job.slice('knot-'.length), performance.now());
      waits.push(performance.now() - called);
    });
    let last = 0;
    const { others } = await withOthers(async () => {
      await run(starts);
      last = performance.now();
      await eventually(
        () => leaf.running,
        (running) => running >= count,
        { timeout: 300_000, interval: 50, what: 'all to run' },
      );
    });
    const spent = cpu() - before;
    const told = [...answered].map(([id, at]) => (leaf.heardAt.get(id) ?? NaN) - at);
    await side.clear();
    leaf.forget();
    return {
      ...{ cpu: (spent / count) * 1_000, rate: (count / (last - begun)) * 1_000, others },
      ...{ told50: percentile(told, 0.5), told99: percentile(told, 0.99), answered99: percentile(waits, 0.99) },
    };
  };
  const paced = (count: number) =>
    play(count, async (starts) => void (await Promise.all(starts.map((start, at) => sleep(at * GAP_MS).then(start)))));
  const burst = (count: number) => play(count, (starts) => inParallel(CALLERS, starts, (start) => start()));

  await sleep(SETTLE_MS);
  const [restingSince, resting] = [performance.now(), cpu()];
  await sleep(RESTING_MS);
  const atRest = ((cpu() - resting) / (performance.now() - restingSince)) * 100_000;

  const rounds: { paced: Figures; burst: Figures }[] = [];
  await burst(WARM_UP);
  for (let number = 0; number < options.rounds; number += 1) {
    rounds.push({ paced: await paced(options.starts), burst: await burst(options.burst) });
  }
  await sleep(SETTLE_MS);
  const held = memoryOf(origin.process.pid).rss / 1_000_000;
  await leaf.close();
  await origin.process.terminate();
  const row = (what: string, figure: (round: (typeof rounds)[number]) => number, unit: string): Row => {
    return { what, figures: spread(rounds.map(figure)), unit, bar: '' };
  };
  return {
    name: 'origin',
    rows: [
      row('a start at 20/s', ({ paced: { cpu } }) => cpu, 'ms CPU'),
      row('its answer, p99', ({ paced: { answered99 } }) => answered99, 'ms'),
      row('from its answer to its leaf, p50', ({ paced: { told50 } }) => told50, 'ms'),
      row('from its answer to its leaf, p99', ({ paced: { told99 } }) => told99, 'ms'),
      row('a start in a burst', ({ burst: { cpu } }) => cpu, 'ms CPU'),
      row('starts answered in a burst', ({ burst: { rate } }) => rate, '/s'),
      { what: 'at rest, before them', figures: spread([atRest]), unit: '% of a core', bar: '' },
      { what: 'RSS after them', figures: spread([held]), unit: 'MB', bar: '' },
      row('kept busy by others', ({ paced: { others } }) => others, 'cores'),
    ],
    rounds,
  };
}
