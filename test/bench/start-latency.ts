import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { percentile, spread, type Row } from './figures.js';
import { quietMachine, withOthers } from './machine-share.js';
import { startMeasuredCluster, type Product } from './measured-cluster.js';
import { cpuSeconds } from './process-usage.js';
import type { Registrations } from './registrations.js';
import type { Side } from './side.js';

/** 20 starts a second. */
const GAP_MS = 50;
const WARM_UP = 100;
const QUIET_MS = 3_000;

/** All in ms. */
interface Sample {
  /** From the call to its answer. */
  readonly call: number;
  /** From the answer to the job's registration, as the event stream shows it. */
  readonly after: number;
  /** From the call to the job's registration. */
  readonly whole: number;
  /** From the answer until Nomad took the register call up: knot's own part, without Nomad's commit. */
  readonly own: number;
}

interface Round {
  readonly samples: readonly Sample[];
  /** CPU seconds of origin and leaf per 1,000 starts. */
  readonly cpu: number;
  /** Cores that others kept busy meanwhile. */
  readonly others: number;
}

/** Starts at a steady pace that waits for no answer. */
export async function pacedStarts(
  side: Side,
  registrations: Pick<Registrations, 'all'>,
  count: number,
): Promise<Sample[]> {
  const startables = await side.prepare(count);
  await sleep(QUIET_MS);
  const first = performance.now();
  const calls = startables.map(async ({ start }, index) => {
    await sleep(Math.max(0, first + index * GAP_MS - performance.now()));
    const begun = performance.now();
    await start();
    return { begun, answered: performance.now() };
  });
  const times = await Promise.all(calls);
  const seen = await registrations.all(startables.map(({ job }) => job));
  return times.flatMap(({ begun, answered }, index) => {
    const registration = seen[index];
    if (!registration) return [];
    const { seenAt, submittedAt } = registration;
    return { call: answered - begun, after: seenAt - answered, whole: seenAt - begun, own: submittedAt - answered };
  });
}

async function playRound(side: Side, registrations: Registrations, count: number, product: Product | null) {
  await quietMachine();
  const cpu = () => (product ? cpuSeconds(product.origin.process.pid) + cpuSeconds(product.leaf.process.pid) : 0);
  const before = cpu();
  const { result: samples, others } = await withOthers(() => pacedStarts(side, registrations, count));
  const spent = cpu() - before;
  await side.clear();
  return { samples, others, cpu: (spent / count) * 1_000 };
}

/** API call to registered job at 20 starts a second, beside bare register calls, alternating. */
export async function measureStartLatency(options: BenchOptions): Promise<BenchResult> {
  const { bare, product, registrations, stop } = await startMeasuredCluster(options);
  const knot = product?.side ?? bare;
  const rounds: { knot: Round; bare: Round }[] = [];
  try {
    for (const side of [knot, bare]) await playRound(side, registrations, WARM_UP, product);
    for (let number = 0; number < options.rounds; number += 1) {
      const play = (side: Side) => playRound(side, registrations, options.starts, product);
      // who comes first changes, so that a drift of the machine favours none
      const early = number % 2 === 0 ? await play(knot) : null;
      const peer = await play(bare);
      rounds.push({ knot: early ?? (await play(knot)), bare: peer });
    }
  } finally {
    await stop();
  }
  return { name: 'latency', rows: rowsOf(rounds), rounds: rounds.map(figuresOf) };
}

type Part = keyof Sample;

function at(round: Round, part: Part, share: number): number {
  return percentile(
    round.samples.map((sample) => sample[part]),
    share,
  );
}

function rowsOf(rounds: readonly { knot: Round; bare: Round }[]): Row[] {
  const ratio = (part: Part, share: number) =>
    spread(rounds.map(({ knot, bare }) => at(knot, part, share) / at(bare, 'call', share)));
  const ms = (what: string, side: 'knot' | 'bare', part: Part): Row[] =>
    [0.5, 0.99].map((share) => ({
      what: `${what}, p${share * 100}`,
      figures: spread(rounds.map((round) => at(round[side], part, share))),
      unit: 'ms',
      bar: '',
    }));
  const [p50, p99] = [ratio('after', 0.5), ratio('after', 0.99)];
  return [
    { what: 'API answer to job, p50', figures: p50, unit: 'x bare', bar: '<= 1.3', kept: p50.median <= 1.3 },
    { what: 'API answer to job, p99', figures: p99, unit: 'x bare', bar: '<= 1.5', kept: p99.median <= 1.5 },
    { what: 'API call to job, p50', figures: ratio('whole', 0.5), unit: 'x bare', bar: '' },
    { what: 'API call to job, p99', figures: ratio('whole', 0.99), unit: 'x bare', bar: '' },
    ...ms('bare: call to answer', 'bare', 'call'),
    ...ms('bare: call to job seen', 'bare', 'whole'),
    ...ms('knot: API call to answer', 'knot', 'call'),
    ...ms('knot: API answer to register call', 'knot', 'own'),
    ...ms('knot: API answer to job seen', 'knot', 'after'),
    ...ms('knot: API call to job seen', 'knot', 'whole'),
    {
      what: 'origin + leaf per 1,000 starts',
      figures: spread(rounds.map(({ knot }) => knot.cpu)),
      unit: 's CPU',
      bar: '',
    },
    {
      what: 'kept busy by others',
      figures: spread(rounds.flatMap((round) => [round.knot.others, round.bare.others])),
      unit: 'cores',
      bar: '',
    },
  ];
}

function figuresOf(round: { knot: Round; bare: Round }) {
  const of = (side: Round) => {
    const parts: Part[] = ['call', 'own', 'after', 'whole'];
    const figures = (part: Part) => ({
      p50: at(side, part, 0.5),
      p90: at(side, part, 0.9),
      p99: at(side, part, 0.99),
      max: at(side, part, 1),
    });
    return {
      starts: side.samples.length,
      others: side.others,
      ms: Object.fromEntries(parts.map((part) => [part, figures(part)])),
    };
  };
  return { knot: { ...of(round.knot), cpuSecondsPer1000: round.knot.cpu }, bare: of(round.bare) };
}
