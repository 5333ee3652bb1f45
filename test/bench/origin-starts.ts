import { setTimeout as sleep } from 'node:timers/promises';
import { startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { percentile, spread, type Row } from './figures.js';
import { inParallel } from './in-parallel.js';
import { createKnotSide, type KnotSide } from './knot-side.js';
import { JOB } from './kubernetes-product.js';
import { withOthers } from './machine-share.js';
import { enrolLeaves } from './many-leaves.js';
import { profiled } from './measured-cluster.js';
import { PlayedLeaf } from './played-leaf.js';
import { cpuSeconds, memoryOf } from './process-usage.js';

const WARM_UP = 400;
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
  /** Cores that others kept busy meanwhile. */
  readonly others: number;
}

interface Played {
  readonly origin: Origin;
  readonly leaf: PlayedLeaf;
  readonly side: KnotSide;
}

type Call = () => Promise<void>;

function told(what: string): void {
  process.stderr.write(`[bench] origin: ${what}\n`);
}

async function play(
  { origin, leaf, side }: Played,
  count: number,
  run: (calls: readonly Call[]) => Promise<unknown>,
): Promise<Figures> {
  const startables = await side.prepare(count);
  const [answeredAt, waits] = [new Map<string, number>(), [] as number[]];
  const calls = startables.map(({ job, start }) => async () => {
    const called = performance.now();
    await start();
    answeredAt.set(job.slice('knot-'.length), performance.now());
    waits.push(performance.now() - called);
  });
  await sleep(SETTLE_MS);
  told(`${count} starts`);
  const [begun, before] = [performance.now(), cpuSeconds(origin.process.pid)];
  const { result: answered, others } = await withOthers(async () => {
    await run(calls);
    const last = performance.now();
    const look = () => leaf.running;
    await eventually(look, (running) => running >= count, { timeout: 300_000, interval: 50, what: 'all to run' });
    return last;
  });
  const spent = cpuSeconds(origin.process.pid) - before;
  const after = [...answeredAt].map(([id, at]) => (leaf.heardAt.get(id) ?? NaN) - at);
  await side.clear();
  leaf.forget();
  return {
    ...{ cpu: (spent / count) * 1_000, rate: (count / (answered - begun)) * 1_000, others },
    ...{ told50: percentile(after, 0.5), told99: percentile(after, 0.99), answered99: percentile(waits, 0.99) },
  };
}

const paced = (calls: readonly Call[]) => Promise.all(calls.map((call, at) => sleep(at * GAP_MS).then(call)));
const burst = (calls: readonly Call[]) => inParallel(CALLERS, calls, (call) => call());

/** % of a core. */
async function atRest({ process: { pid } }: Origin): Promise<number> {
  await sleep(SETTLE_MS);
  const [since, before] = [performance.now(), cpuSeconds(pid)];
  await sleep(RESTING_MS);
  return ((cpuSeconds(pid) - before) / (performance.now() - since)) * 100_000;
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
  const played = { origin, leaf, side };
  const resting = await atRest(origin);
  const rounds: { paced: Figures; burst: Figures }[] = [];
  await play(played, WARM_UP, burst);
  for (let number = 0; number < options.rounds; number += 1) {
    const one = await play(played, options.starts, paced);
    rounds.push({ paced: one, burst: await play(played, options.burst, burst) });
  }
  const held = memoryOf(origin.process.pid).rss / 1_000_000;
  await leaf.close();
  await origin.process.terminate();
  return { name: 'origin', rows: rowsOf(rounds, resting, held), rounds };
}

function rowsOf(rounds: readonly { paced: Figures; burst: Figures }[], resting: number, held: number): Row[] {
  const row = (what: string, figure: (round: (typeof rounds)[number]) => number, unit: string): Row => {
    return { what, figures: spread(rounds.map(figure)), unit, bar: '' };
  };
  return [
    row('a start at 20/s', (round) => round.paced.cpu, 'ms CPU'),
    row('its answer, p99', (round) => round.paced.answered99, 'ms'),
    row('from its answer to its leaf, p50', (round) => round.paced.told50, 'ms'),
    row('from its answer to its leaf, p99', (round) => round.paced.told99, 'ms'),
    row('a start in a burst', (round) => round.burst.cpu, 'ms CPU'),
    row('starts answered in a burst', (round) => round.burst.rate, '/s'),
    { what: 'at rest, before them', figures: spread([resting]), unit: '% of a core', bar: '' },
    { what: 'RSS after them', figures: spread([held]), unit: 'MB', bar: '' },
    row('kept busy by others', (round) => round.paced.others, 'cores'),
  ];
}
