import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../tools/eventually.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { spread, type Row } from './figures.js';
import { inParallel } from './in-parallel.js';
import { startMeasuredCluster, type Product } from './measured-cluster.js';
import { cpuSeconds, memoryOf } from './process-usage.js';

/** One figure of each: long enough for the 10 ms steps of the kernel's clock to be 0.03 % of a core. */
export const WINDOW_MS = 30_000;
export const SETTLE_MS = 60_000;
const MB = 1_000_000;

export interface Window {
  /** Per cent of a core. */
  readonly originCpu: number;
  readonly leafCpu: number;
  /** An idle Node process beside them: what no program of Node can be below. */
  readonly nodeCpu: number;
  /** Bytes of payload per second. */
  readonly toOrigin: number;
  readonly toLeaf: number;
  /** MB at the window's end. */
  readonly originRss: number;
  readonly leafRss: number;
  readonly originOwn: number;
  readonly leafOwn: number;
  readonly nodeRss: number;
}

export async function watchWindow({ origin, leaf, proxy }: Product, node: number): Promise<Window> {
  const look = () => ({
    at: performance.now(),
    cpu: [origin.process.pid, leaf.process.pid, node].map(cpuSeconds),
    bytes: proxy.counted(),
  });
  const before = look();
  await sleep(WINDOW_MS);
  const after = look();
  const seconds = (after.at - before.at) / 1_000;
  const [originCpu = NaN, leafCpu = NaN, nodeCpu = NaN] = after.cpu.map(
    (cpu, index) => ((cpu - (before.cpu[index] ?? NaN)) / seconds) * 100,
  );
  const [mine, its] = [memoryOf(origin.process.pid), memoryOf(leaf.process.pid)];
  return {
    ...{ originCpu, leafCpu, nodeCpu },
    toOrigin: (after.bytes.there - before.bytes.there) / seconds,
    toLeaf: (after.bytes.back - before.bytes.back) / seconds,
    ...{ originRss: mine.rss / MB, originOwn: mine.own / MB, leafRss: its.rss / MB, leafOwn: its.own / MB },
    nodeRss: memoryOf(node).rss / MB,
  };
}

export async function runAll({ side }: Product, count: number): Promise<void> {
  const startables = await side.prepare(count);
  await inParallel(8, startables, ({ start }) => start());
  await eventually(
    async () => (await side.spaces()).filter(({ phase }) => phase === 'Running').length,
    (running) => running === count,
    { timeout: 600_000, interval: 5_000, what: `${count} spaces to run` },
  );
}

/** Many running spaces of which nothing changes: what knot costs while there is nothing to do. */
export async function measureIdle(options: BenchOptions): Promise<BenchResult> {
  const { product, stop } = await startMeasuredCluster(options);
  const node = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const windows: Window[] = [];
  try {
    if (!product || node.pid === undefined) throw new Error('idle has no peer to run alone.');
    await runAll(product, options.spaces);
    await sleep(SETTLE_MS);
    const count = Math.ceil((options.minutes * 60_000) / WINDOW_MS);
    for (let number = 0; number < count; number += 1) windows.push(await watchWindow(product, node.pid));
  } finally {
    node.kill('SIGKILL');
    await stop();
  }
  return { name: 'idle', rows: rowsOf(windows), rounds: windows };
}

function rowsOf(windows: readonly Window[]): Row[] {
  const of = (figure: (window: Window) => number) => spread(windows.map(figure));
  const row = (what: string, figures: Row['figures'], unit: string, bar: number): Row => ({
    ...{ what, figures, unit },
    bar: `< ${bar}`,
    kept: figures.median < bar,
  });
  const note = (what: string, figures: Row['figures'], unit: string): Row => ({ what, figures, unit, bar: '' });
  return [
    row(
      'origin: CPU',
      of((window) => window.originCpu),
      '% of a core',
      1,
    ),
    row(
      'leaf: CPU',
      of((window) => window.leafCpu),
      '% of a core',
      1,
    ),
    row(
      'origin: RSS',
      of((window) => window.originRss),
      'MB',
      120,
    ),
    row(
      'leaf: RSS',
      of((window) => window.leafRss),
      'MB',
      120,
    ),
    row(
      'bytes between them',
      of((window) => window.toOrigin + window.toLeaf),
      'B/s',
      100,
    ),
    note(
      'leaf to origin',
      of((window) => window.toOrigin),
      'B/s',
    ),
    note(
      'origin to leaf',
      of((window) => window.toLeaf),
      'B/s',
    ),
    note(
      'origin: RSS without mapped files',
      of((window) => window.originOwn),
      'MB',
    ),
    note(
      'leaf: RSS without mapped files',
      of((window) => window.leafOwn),
      'MB',
    ),
    note(
      'an idle Node: CPU',
      of((window) => window.nodeCpu),
      '% of a core',
    ),
    note(
      'an idle Node: RSS',
      of((window) => window.nodeRss),
      'MB',
    ),
  ];
}
