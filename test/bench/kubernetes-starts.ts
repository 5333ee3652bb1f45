import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from '../tools/kube-client.js';
import { startKubernetes } from '../tools/kubernetes.js';
import { startFakeNodes } from '../tools/kwok.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { Deployments } from './deployments.js';
import { percentile, spread, type Row } from './figures.js';
import { inParallel } from './in-parallel.js';
import { startKubernetesPeer } from './kubernetes-peer.js';
import { freshNamespace, JOB, startKubernetesProduct } from './kubernetes-product.js';
import { quietMachine, withOthers } from './machine-share.js';
import { cpuSeconds } from './process-usage.js';
import type { Side } from './side.js';
import { pacedStarts } from './start-latency.js';

const NODES = 6;
/** V8 compiles what runs often while it runs: a server that starts spaces has done so for days. */
const WARM_UP = 300;
const SETTLE_MS = 3_000;
const CALLERS = 64;
/** Of those that run, one in this many is changed behind the back of who made it. */
const CHANGED = 100;
const PROGRAM = 'sh';
const EDIT = { spec: { template: { spec: { containers: [{ name: 'main', image: 'theirs', command: ['theirs'] }] } } } };

/** One of the two, and what it runs. */
interface Measured {
  readonly side: Side;
  readonly kube: KubeClient;
  readonly pids: readonly number[];
}

interface Figures {
  /** From the answer to a wish to its Deployment, ms. */
  readonly p50: number;
  readonly p99: number;
  /** CPU seconds per 1,000 starts, until they ran. */
  readonly cpu: number;
  /** Deployments a second of a burst. */
  readonly rate: number;
  /** From somebody's change to the Deployment that is as before, ms. */
  readonly repaired: number;
  /** Cores that others kept busy meanwhile. */
  readonly others: number;
}

async function play({ side, kube, pids }: Measured, deployments: Deployments, options: BenchOptions): Promise<Figures> {
  const told = (what: string) => process.stderr.write(`[bench] ${side.name}: ${what}\n`);
  const cpu = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  // spaces are made before; in the peer there is nothing to make
  const made = await side.prepare(options.starts);
  const ready: Side = { ...side, prepare: () => Promise.resolve(made) };
  await quietMachine();
  told(`${options.starts} starts, one by one`);
  const before = cpu();
  const { result: samples, others } = await withOthers(() => pacedStarts(ready, deployments, options.starts));
  await sleep(SETTLE_MS);
  const spent = cpu() - before;
  await side.clear();

  told(`${options.burst} at once`);
  const startables = await side.prepare(options.burst);
  await sleep(SETTLE_MS);
  const begun = performance.now();
  await inParallel(CALLERS, startables, ({ start }) => start());
  const names = startables.map(({ job }) => job);
  const last = Math.max(...(await deployments.all(names)).map(({ seenAt }) => seenAt));
  await sleep(SETTLE_MS);
  told('changed behind its back');
  const repaired = await repair(kube, deployments, names.slice(0, Math.ceil(names.length / CHANGED)));
  await side.clear();
  const after = samples.map((sample) => sample.after);
  return {
    ...{ p50: percentile(after, 0.5), p99: percentile(after, 0.99), others },
    cpu: (spent / options.starts) * 1_000,
    rate: (options.burst / (last - begun)) * 1_000,
    repaired: percentile(repaired, 0.95),
  };
}

/** Changes these, and tells how long each stayed so, ms. */
async function repair(kube: KubeClient, deployments: Deployments, names: readonly string[]): Promise<number[]> {
  const changed = new Map<string, number>();
  await inParallel(8, names, async (name) => {
    await kube.patch('Deployment', name, EDIT, 'apps/v1');
    changed.set(name, performance.now());
  });
  const since = await deployments.running(PROGRAM, names);
  return names.map((name, index) => Math.max(0, (since[index] ?? NaN) - (changed.get(name) ?? NaN)));
}

/** P1, P2, P3 and P11: knot beside a controller in Go, on the same API server, in turns. */
export async function measureKubernetes(options: BenchOptions): Promise<BenchResult> {
  const cluster = await startKubernetes();
  const rounds: { knot: Figures; peer: Figures }[] = [];
  try {
    const all = cluster.client();
    await startFakeNodes(all, NODES);
    const [ours, theirs] = [await freshNamespace(all, 'knot-side'), await freshNamespace(all, 'peer-side')];
    const peer = await startKubernetesPeer(theirs, JOB);
    const { origin, leaf, side, api } = await startKubernetesProduct(ours, options);
    const deployments = await Deployments.follow(cluster, [ours.namespace, theirs.namespace]);
    const knot = { side, kube: ours, pids: [origin.process.pid, leaf.process.pid] };
    const bare = { side: peer, kube: theirs, pids: [peer.process.pid] };
    for (const one of [knot, bare]) await play(one, deployments, { ...options, starts: WARM_UP, burst: WARM_UP });
    for (let number = 0; number < options.rounds; number += 1) {
      const early = number % 2 === 0 ? await play(knot, deployments, options) : null;
      const figures = await play(bare, deployments, options);
      rounds.push({ knot: early ?? (await play(knot, deployments, options)), peer: figures });
    }
    deployments.close();
    api.close();
    await Promise.all([leaf.process.terminate(), origin.process.terminate()]);
    await peer.process.kill();
  } finally {
    await cluster.stop();
  }
  return { name: 'kubernetes', rows: rowsOf(rounds), rounds };
}

function rowsOf(rounds: readonly { knot: Figures; peer: Figures }[]): Row[] {
  const of = (figure: (round: { knot: Figures; peer: Figures }) => number) => spread(rounds.map(figure));
  const ratio = (what: string, key: keyof Figures, most: number): Row => {
    const figures = of(({ knot, peer }) => knot[key] / peer[key]);
    return { what, figures, unit: 'x peer', bar: `<= ${most}`, kept: figures.median <= most };
  };
  const both = (what: string, key: keyof Figures, unit: string): Row[] => [
    { what: `knot: ${what}`, figures: of(({ knot }) => knot[key]), unit, bar: '' },
    { what: `peer: ${what}`, figures: of(({ peer }) => peer[key]), unit, bar: '' },
  ];
  const rate = of(({ knot, peer }) => knot.rate / peer.rate);
  const repaired = of(({ knot }) => knot.repaired);
  return [
    ratio('P1 answer to Deployment, p50', 'p50', 1),
    ratio('P1 answer to Deployment, p99', 'p99', 1),
    ratio('P2 CPU', 'cpu', 2),
    { what: 'P3 rate of a burst', figures: rate, unit: 'x peer', bar: '>= 1', kept: rate.median >= 1 },
    { what: 'P11 repaired, p95', figures: repaired, unit: 'ms', bar: '<= 2000', kept: repaired.median <= 2_000 },
    ...both('answer to Deployment, p50', 'p50', 'ms'),
    ...both('answer to Deployment, p99', 'p99', 'ms'),
    ...both('CPU per 1,000 starts', 'cpu', 's'),
    ...both('rate of a burst', 'rate', '/s'),
    ...both('repaired, p95', 'repaired', 'ms'),
    ...both('kept busy by others', 'others', 'cores'),
  ];
}
