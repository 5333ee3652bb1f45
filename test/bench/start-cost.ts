import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../tools/eventually.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { spread, type Row } from './figures.js';
import { startMeasuredCluster, type Product } from './measured-cluster.js';
import { cpuSeconds } from './process-usage.js';

const WARM_UP = 100;
/** 20 starts a second. */
const GAP_MS = 50;
/** For the last start's looks and reports. */
const SETTLE_MS = 5_000;

/** CPU of one start, ms. */
interface Cost {
  readonly origin: number;
  readonly leaf: number;
}

async function playStarts({ origin, leaf, side }: Product, count: number, gapMs: number): Promise<Cost> {
  const startables = await side.prepare(count);
  await sleep(SETTLE_MS);
  const look = () => [origin, leaf].map(({ process }) => cpuSeconds(process.pid));
  const before = look();
  await Promise.all(startables.map(({ start }, index) => sleep(index * gapMs).then(start)));
  await eventually(
    async () => (await side.spaces()).filter(({ phase }) => phase === 'Running').length,
    (running) => running === count,
    { timeout: 300_000, interval: 2_000, what: `${count} spaces to run` },
  );
  await sleep(SETTLE_MS);
  const [ofOrigin = NaN, ofLeaf = NaN] = look().map((seconds, at) => ((seconds - (before[at] ?? NaN)) / count) * 1_000);
  await side.clear();
  return { origin: ofOrigin, leaf: ofLeaf };
}

/**
 * What starts cost until they run and all of it is reported, in CPU time: a figure that others at work beside it change
 * less than a rate or a wait.
 */
export async function measureStartCost(options: BenchOptions): Promise<BenchResult> {
  const { product, stop } = await startMeasuredCluster(options);
  const rounds: { paced: Cost; burst: Cost }[] = [];
  try {
    if (!product) throw new Error('cost has no peer to run alone.');
    await playStarts(product, WARM_UP, 0);
    for (let number = 0; number < options.rounds; number += 1) {
      const paced = await playStarts(product, options.starts, GAP_MS);
      rounds.push({ paced, burst: await playStarts(product, options.burst, 0) });
    }
  } finally {
    await stop();
  }
  const row = (what: string, figure: (round: (typeof rounds)[number]) => number): Row => {
    return { what, figures: spread(rounds.map(figure)), unit: 'ms CPU', bar: '' };
  };
  return {
    name: 'cost',
    rows: [
      row('origin, of a start at 20/s', ({ paced }) => paced.origin),
      row('leaf, of a start at 20/s', ({ paced }) => paced.leaf),
      row('origin, of a start in a burst', ({ burst }) => burst.origin),
      row('leaf, of a start in a burst', ({ burst }) => burst.leaf),
    ],
    rounds,
  };
}
