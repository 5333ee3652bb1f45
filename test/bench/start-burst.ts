import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { spread } from './figures.js';
import { inParallel } from './in-parallel.js';
import { quietMachine, withOthers } from './machine-share.js';
import { startMeasuredCluster } from './measured-cluster.js';
import type { Registrations } from './registrations.js';
import type { Side } from './side.js';

const BARE_CALLERS = 8;
/** A burst is all of them at once; the caller keeps at most 64 connections. */
const KNOT_CALLERS = 500;
const WARM_UP = 100;
const QUIET_MS = 5_000;

interface Burst {
  /** Seconds from the first call to the last answer. */
  readonly answered: number;
  /** Seconds from the first call to the last job in the event stream. */
  readonly registered: number;
  /** Cores that others kept busy meanwhile. */
  readonly others: number;
}

async function playBurst(side: Side, registrations: Registrations, count: number): Promise<Burst> {
  const startables = await side.prepare(count);
  await quietMachine();
  await sleep(QUIET_MS);
  const begun = performance.now();
  const { result, others } = await withOthers(async () => {
    await inParallel(side.name === 'bare' ? BARE_CALLERS : KNOT_CALLERS, startables, ({ start }) => start());
    const answered = performance.now();
    const seen = await registrations.all(startables.map(({ job }) => job));
    return { answered, last: Math.max(...seen.map(({ seenAt }) => seenAt)) };
  });
  await side.clear();
  return { answered: (result.answered - begun) / 1_000, registered: (result.last - begun) / 1_000, others };
}

/** A burst of starts until every job is registered, beside 8 bare callers, alternating. */
export async function measureStartBurst(options: BenchOptions): Promise<BenchResult> {
  const { bare, product, registrations, stop } = await startMeasuredCluster(options);
  const knot = product?.side ?? bare;
  const rounds: { knot: Burst; bare: Burst }[] = [];
  try {
    for (const side of [knot, bare]) await playBurst(side, registrations, WARM_UP);
    for (let number = 0; number < options.rounds; number += 1) {
      const play = (side: Side) => playBurst(side, registrations, options.burst);
      const early = number % 2 === 0 ? await play(knot) : null;
      const peer = await play(bare);
      rounds.push({ knot: early ?? (await play(knot)), bare: peer });
    }
  } finally {
    await stop();
  }
  const rate = (seconds: number) => options.burst / seconds;
  const of = (figure: (round: { knot: Burst; bare: Burst }) => number) => spread(rounds.map(figure));
  const ratio = of(({ knot: mine, bare: peer }) => rate(mine.registered) / rate(peer.answered));
  return {
    name: 'burst',
    rows: [
      {
        what: `rate of ${options.burst} starts`,
        figures: ratio,
        unit: 'x bare',
        bar: '>= 0.9',
        kept: ratio.median >= 0.9,
      },
      { what: 'bare: jobs answered', figures: of((round) => rate(round.bare.answered)), unit: '/s', bar: '' },
      { what: 'bare: jobs seen', figures: of((round) => rate(round.bare.registered)), unit: '/s', bar: '' },
      { what: 'knot: starts answered', figures: of((round) => rate(round.knot.answered)), unit: '/s', bar: '' },
      {
        what: 'kept busy by others',
        figures: spread(rounds.flatMap((round) => [round.knot.others, round.bare.others])),
        unit: 'cores',
        bar: '',
      },
      { what: 'knot: jobs seen', figures: of((round) => rate(round.knot.registered)), unit: '/s', bar: '' },
    ],
    rounds,
  };
}
