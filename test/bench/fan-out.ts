import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '@knot/shared/store';
import { startOrigin, type Origin } from '../tools/cluster.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { percentile, spread, type Row } from './figures.js';
import { withOthers } from './machine-share.js';
import { enrolLeaves, follow, listAll, type BareLeaf } from './many-leaves.js';
import { cpuSeconds, memoryOf } from './process-usage.js';
import { profiled } from './measured-cluster.js';
import { openRawStream, startRawPeer } from './raw-peer.js';
import { seedSpaces } from './seed-spaces.js';
import { startStoreServer } from './store-origin.js';

const RATE = 50;
const SECONDS = 15;
const SETTLE_MS = 3_000;
/** What one change is on the wire, about; the raw peer sends the same. */
const BYTES = 1_600;
/** Of a leaf that is stuck: it takes one message and never asks for another. */
const FOR_EVER = new Promise<void>(() => undefined);

interface Attached {
  readonly origin: Origin;
  readonly leaves: readonly BareLeaf[];
  readonly ids: readonly string[];
  readonly store: Store;
  /** When the change of a space was last heard by its leaf. */
  readonly heard: Map<string, (at: number) => void>;
  stop(): Promise<void>;
}

/** Leaves that follow an origin on Redis, in which the changes are made past it: its CPU is that of telling alone. */
async function attach(
  count: number,
  stuck: boolean,
  options: BenchOptions,
): Promise<Attached & { readonly perLeaf: number }> {
  const server = await startStoreServer('redis');
  const origin = await startOrigin({ config: server.keys, env: profiled(options, 'fan-out') });
  const { hostname: host, port } = new URL(origin.url);
  const leaves = await enrolLeaves({ host, port: Number(port), tls: false, ca: '' }, count);
  const store = await server.open();
  const ids = await seedSpaces(store, count, (index) => leaves[index]?.location ?? '');
  for (const leaf of leaves) await listAll(leaf);
  const before = memoryOf(origin.process.pid).rss;
  const end = new AbortController();
  const heard = new Map<string, (at: number) => void>();
  const following = leaves.map((leaf, index) =>
    follow(leaf, end.signal, async (event) => {
      if (event.case !== 'changes') return;
      if (stuck && index === 0) await FOR_EVER;
      for (const { object } of event.value.upserts) {
        if (object.case === 'space') heard.get(object.value.id)?.(performance.now());
      }
    }).catch(() => undefined),
  );
  await sleep(SETTLE_MS);
  const perLeaf = (memoryOf(origin.process.pid).rss - before) / count;
  const stop = async () => {
    end.abort();
    await Promise.race([Promise.all(following), sleep(1_000)]);
    for (const { client } of leaves) client.close();
    await store.close();
    await origin.process.terminate();
    await server.stop();
  };
  return { origin, leaves, ids, store, heard, stop, perLeaf };
}

/** Changes a second, to one leaf after the other; ms from each commit to its arrival, but for those of the first leaf. */
async function changes({ store, ids, leaves, heard }: Attached): Promise<readonly number[]> {
  const taken: number[] = [];
  const begun = performance.now();
  for (let turn = 0; turn < RATE * SECONDS; turn += 1) {
    await sleep(Math.max(0, begun + (turn * 1_000) / RATE - performance.now()));
    const index = turn % ids.length;
    const id = ids[index] ?? '';
    const row = await store.get('space', id);
    if (row === null) continue;
    const { version: _, ...rest } = row;
    const at = performance.now();
    heard.set(id, (now) => {
      heard.delete(id);
      if (index > 0) taken.push(now - at);
    });
    const stream = `location:${leaves[index]?.location ?? ''}` as const;
    await store.commit({
      expect: [],
      writes: [{ put: 'space', row: { ...rest, generation: rest.generation + 1 } }],
      log: [{ stream, kind: 'space', id, op: 'put' }],
    });
  }
  await sleep(2_000);
  return taken;
}

interface FanOut {
  readonly cpu: number;
  /** Of as many seconds without any change: bookmarks and what else it does at rest. */
  readonly restCpu: number;
  readonly rawCpu: number;
  readonly perLeaf: number;
  readonly p99: number;
  readonly others: number;
}

async function fanOut(options: BenchOptions): Promise<FanOut> {
  const count = options.leaves;
  const attached = await attach(count, false, options);
  const { pid } = attached.origin.process;
  const atRest = cpuSeconds(pid);
  await sleep(SECONDS * 1_000 + 2_000);
  const before = cpuSeconds(pid);
  const { result: taken, others } = await withOthers(() => changes(attached));
  const cpu = cpuSeconds(pid) - before;
  await attached.stop();
  const peer = await startRawPeer('fan-out', [RATE, BYTES]);
  const streams = Array.from({ length: count }, () => openRawStream(peer.port));
  for (const { stream } of streams) stream.resume();
  await sleep(SETTLE_MS);
  const rawBefore = cpuSeconds(peer.pid);
  await sleep(SECONDS * 1_000 + 2_000);
  const rawCpu = cpuSeconds(peer.pid) - rawBefore;
  for (const { close } of streams) close();
  await peer.kill();
  return { cpu, restCpu: before - atRest, rawCpu, perLeaf: attached.perLeaf, p99: percentile(taken, 0.99), others };
}

/** P6: changes told to many leaves, beside grpc-js alone. */
export async function measureFanOut(options: BenchOptions): Promise<BenchResult> {
  const rounds: FanOut[] = [];
  for (let number = 0; number < options.rounds; number += 1) rounds.push(await fanOut(options));
  const of = (figure: (round: FanOut) => number) => spread(rounds.map(figure));
  const ratio = of((round) => round.cpu / round.rawCpu);
  const memory = of((round) => round.perLeaf / 1_000);
  const total = RATE * SECONDS;
  const rows: Row[] = [
    {
      what: `CPU of ${RATE}/s to ${options.leaves} leaves`,
      figures: ratio,
      unit: 'x raw',
      bar: '<= 2',
      kept: ratio.median <= 2,
    },
    { what: 'memory of a leaf', figures: memory, unit: 'kB', bar: '<= 150', kept: memory.median <= 150 },
    { what: 'CPU of a change', figures: of(({ cpu }) => (cpu / total) * 1_000), unit: 'ms', bar: '' },
    { what: 'at rest as long', figures: of(({ restCpu }) => restCpu), unit: 's of CPU', bar: '' },
    { what: 'raw: CPU of a change', figures: of(({ rawCpu }) => (rawCpu / total) * 1_000), unit: 'ms', bar: '' },
    { what: 'commit to arrival, p99', figures: of(({ p99 }) => p99), unit: 'ms', bar: '' },
    { what: 'kept busy by others', figures: of(({ others }) => others), unit: 'cores', bar: '' },
  ];
  return { name: 'fan-out', rows, rounds };
}

const FIFTY = 50;

/** P9: one of fifty leaves takes nothing any more; what the others feel of it. */
export async function measureStuck(options: BenchOptions): Promise<BenchResult> {
  const rounds: { p99: number; alone: number; others: number }[] = [];
  const p99 = async (stuck: boolean) => {
    const attached = await attach(FIFTY, stuck, options);
    const { result, others } = await withOthers(() => changes(attached));
    await attached.stop();
    return { p99: percentile(result, 0.99), others };
  };
  for (let number = 0; number < options.rounds; number += 1) {
    const alone = await p99(false);
    const beside = await p99(true);
    rounds.push({ p99: beside.p99, alone: alone.p99, others: Math.max(alone.others, beside.others) });
  }
  const of = (figure: (round: (typeof rounds)[number]) => number) => spread(rounds.map(figure));
  const ratio = of((round) => round.p99 / round.alone);
  const rows: Row[] = [
    { what: 'p99 of the others', figures: ratio, unit: 'x without it', bar: '<= 1.1', kept: ratio.median <= 1.1 },
    { what: 'with a stuck leaf, p99', figures: of((round) => round.p99), unit: 'ms', bar: '' },
    { what: 'without, p99', figures: of((round) => round.alone), unit: 'ms', bar: '' },
    { what: 'kept busy by others', figures: of((round) => round.others), unit: 'cores', bar: '' },
  ];
  return { name: 'stuck', rows, rounds };
}
