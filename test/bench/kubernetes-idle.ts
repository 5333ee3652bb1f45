import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startKubernetes } from '../tools/kubernetes.js';
import { startFakeNodes } from '../tools/kwok.js';
import { metric } from '../tools/metrics.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { Deployments } from './deployments.js';
import { percentile, spread, type Row } from './figures.js';
import { runAll, SETTLE_MS, WINDOW_MS, watchWindow, type Window } from './idle-cluster.js';
import { freshNamespace, startKubernetesProduct } from './kubernetes-product.js';
import type { Product } from './measured-cluster.js';
import { memoryOf } from './process-usage.js';
import { pacedStarts } from './start-latency.js';

/** Starts of one round of P4, quiet and during a resync. */
const STARTS = 60;
/** When the first of them comes. */
const FIRST_MS = 3_000;
const SPACES_OF_NODE = 1_000;
const MB = 1_000_000;
const HEAP = 'knot_nodejs_heap_size_total_bytes';
const BUFFERS = 'knot_nodejs_external_memory_bytes';

function told(what: string): void {
  process.stderr.write(`[bench] kubernetes-idle: ${what}\n`);
}

/** P4: what a start takes in ms, whole, p99: alone, and while the leaf looks at everything again. */
interface Change {
  readonly quiet: number;
  readonly busy: number;
}

/** What the leaf's memory is, MB: of its own, V8's heap with what it keeps in reserve, and the buffers beside it. */
interface Held {
  readonly own: number;
  readonly heap: number;
  readonly buffers: number;
}

async function heldBy({ url, process: { pid } }: Product['leaf']): Promise<Held> {
  const [heap, buffers] = [await metric(url, HEAP), await metric(url, BUFFERS)];
  return { own: memoryOf(pid).own / MB, heap: heap / MB, buffers: buffers / MB };
}

/** P4 and P5 on Kubernetes: many running spaces of which nothing changes, and a user among them. */
export async function measureKubernetesIdle(options: BenchOptions): Promise<BenchResult> {
  const cluster = await startKubernetes();
  const node = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const windows: Window[] = [];
  const changes: Change[] = [];
  const held: Held[] = [];
  try {
    if (node.pid === undefined) throw new Error('There is no idle Node.');
    const all = cluster.client();
    await startFakeNodes(all, Math.ceil((options.spaces + 2 * STARTS * options.rounds) / SPACES_OF_NODE));
    const kube = await freshNamespace(all, 'knot-side');
    const product = await startKubernetesProduct(kube, options);
    told(`${options.spaces} spaces`);
    await runAll(product, options.spaces);
    told('idle');
    await sleep(SETTLE_MS);
    const count = Math.ceil((options.minutes * 60_000) / WINDOW_MS);
    for (let number = 0; number < count; number += 1) windows.push(await watchWindow(product, node.pid));

    held.push(await heldBy(product.leaf));
    const deployments = await Deployments.follow(cluster, [kube.namespace]);
    const p99 = async (cut: boolean) => {
      const made = await product.side.prepare(STARTS);
      const side = { ...product.side, prepare: () => Promise.resolve(made) };
      const measured = pacedStarts(side, deployments, STARTS);
      if (cut) {
        // a gap in what it follows has the leaf look at all spaces again, as it looks at them now and then
        await sleep(FIRST_MS);
        product.api.cut();
        product.api.pass();
      }
      const wholes = (await measured).map(({ whole }) => whole);
      return percentile(wholes, 0.99);
    };
    told('starts, quiet and during a resync');
    await p99(false);
    for (let round = 0; round < options.rounds; round += 1) {
      const quiet = await p99(false);
      const busy = await p99(true);
      changes.push({ quiet, busy });
      await sleep(10_000);
    }
    deployments.close();
    product.api.close();
    await Promise.all([product.leaf.process.terminate(), product.origin.process.terminate()]);
  } finally {
    node.kill('SIGKILL');
    await cluster.stop();
  }
  return { name: 'kubernetes-idle', rows: rowsOf(options.spaces, windows, changes, held), rounds: windows };
}

function rowsOf(spaces: number, windows: readonly Window[], changes: readonly Change[], held: readonly Held[]): Row[] {
  const of = (figure: (window: Window) => number) => spread(windows.map(figure));
  const bounded = (what: string, figures: Row['figures'], unit: string, most: number): Row => {
    return { what, figures, unit, bar: `<= ${most}`, kept: figures.median <= most };
  };
  const rss = 60 + (4 * spaces) / 1_000;
  const thousands = spaces / 1_000;
  const ms = (what: string, figure: (change: Change) => number): Row => {
    return { what, figures: spread(changes.map(figure)), unit: 'ms', bar: '' };
  };
  return [
    bounded('P4 a start during a resync, p99', spread(changes.map(({ quiet, busy }) => busy / quiet)), 'x quiet', 2),
    bounded(
      'P5 origin: CPU per 1,000 spaces',
      of(({ originCpu }) => originCpu / thousands),
      '% of a core',
      1,
    ),
    bounded(
      'P5 leaf: CPU per 1,000 spaces',
      of(({ leafCpu }) => leafCpu / thousands),
      '% of a core',
      1,
    ),
    bounded(
      'P5 origin: RSS',
      of(({ originRss }) => originRss),
      'MB',
      rss,
    ),
    bounded(
      'P5 leaf: RSS',
      of(({ leafRss }) => leafRss),
      'MB',
      rss,
    ),
    bounded(
      'P5 bytes between them',
      of(({ toOrigin, toLeaf }) => toOrigin + toLeaf),
      'B/s',
      100,
    ),
    ms('a start when quiet, p99', ({ quiet }) => quiet),
    ms('a start during a resync, p99', ({ busy }) => busy),
    ...(['own', 'heap', 'buffers'] as const).map((part): Row => {
      return { what: `leaf: ${part}`, figures: spread(held.map((one) => one[part])), unit: 'MB', bar: '' };
    }),
    { what: 'an idle Node: CPU', figures: of(({ nodeCpu }) => nodeCpu), unit: '% of a core', bar: '' },
    { what: 'an idle Node: RSS', figures: of(({ nodeRss }) => nodeRss), unit: 'MB', bar: '' },
  ];
}
