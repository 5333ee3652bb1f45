import { create } from '@bufbuild/protobuf';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sync } from '@knot/contract';
import { startOrigin } from '../tools/cluster.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { percentile, spread, type Row } from './figures.js';
import { withOthers } from './machine-share.js';
import { enrolLeaves, unary, type BareLeaf } from './many-leaves.js';
import { cpuSeconds } from './process-usage.js';
import { seedSpaces } from './seed-spaces.js';
import { startStoreServer, STORE_KINDS, type StoreKind } from './store-origin.js';

const FLIPS = 5_000;
const SECONDS = 10;
/** At most one report is on its way, and no two within so long: as a leaf does it. */
const BETWEEN_MS = 100;
const MOST = 500;

interface Round {
  readonly kind: StoreKind;
  /** From a flip to its report's answer, ms. */
  readonly p50: number;
  readonly p99: number;
  /** Reports per second: each is one transaction. */
  readonly transactions: number;
  /** Share of a core that the origin used. */
  readonly cpu: number;
  readonly others: number;
}

async function flipAll(leaf: BareLeaf, ids: readonly string[]) {
  const holder = randomUUID();
  const renewal = create(sync.RenewLeaseRequestSchema, { holder, term: 0n, seenTerm: 0n });
  const { term } = await leaf.client.unary(sync.Sync.method.renewLease, renewal, unary(leaf.credential));
  const flipped = new Map<string, number>();
  const stale: number[] = [];
  let [sequence, reports, flips] = [0n, 0, 0];
  const begun = performance.now();
  const report = async (): Promise<void> => {
    const taken = [...flipped].slice(0, MOST);
    for (const [id] of taken) flipped.delete(id);
    const spaces = taken.map(([id], at) => {
      sequence += 1n;
      return {
        id,
        sequence,
        observedGeneration: 2n,
        workload: at % 2 ? 'healthy' : 'pending',
        instance: `${sequence}`,
      };
    });
    const request = create(sync.ReportStatusRequestSchema, { term, spaces });
    await leaf.client.unary(sync.Sync.method.reportStatus, request, unary(leaf.credential));
    const now = performance.now();
    stale.push(...taken.map(([, at]) => now - at));
    reports += 1;
  };
  while (flips < FLIPS || flipped.size > 0) {
    const due = Math.min(FLIPS, Math.floor(((performance.now() - begun) / (SECONDS * 1_000)) * FLIPS));
    for (; flips < due; flips += 1) flipped.set(ids[(flips * 7_919) % ids.length] ?? '', performance.now());
    if (flipped.size > 0) await report();
    await sleep(BETWEEN_MS);
  }
  const seconds = (performance.now() - begun) / 1_000;
  return { p50: percentile(stale, 0.5), p99: percentile(stale, 0.99), transactions: reports / seconds, seconds };
}

async function measure(kind: StoreKind): Promise<Round> {
  const server = await startStoreServer(kind);
  const first = await startOrigin({ config: server.keys });
  const { hostname: host, port } = new URL(first.url);
  const [leaf] = await enrolLeaves({ host, port: Number(port), tls: false, ca: '' }, 1);
  if (leaf === undefined) throw new Error('no leaf was enrolled');
  await first.process.terminate();
  const store = await server.open();
  const ids = await seedSpaces(store, FLIPS, () => leaf.location);
  await store.close();
  const origin = await first.restart();
  const before = cpuSeconds(origin.process.pid);
  const { result, others } = await withOthers(() => flipAll(leaf, ids));
  const cpu = (cpuSeconds(origin.process.pid) - before) / result.seconds;
  leaf.client.close();
  await origin.process.terminate();
  await server.stop();
  const { p50, p99, transactions } = result;
  return { kind, p50, p99, transactions, cpu, others };
}

/** P10: 5,000 spaces of one location change their state within ten seconds. */
export async function measureFlips(options: BenchOptions): Promise<BenchResult> {
  const rounds: Round[] = [];
  for (let number = 0; number < options.rounds; number += 1) {
    for (const kind of STORE_KINDS) rounds.push(await measure(kind));
  }
  const rows = STORE_KINDS.flatMap((kind): Row[] => {
    const of = (figure: (round: Round) => number) => spread(rounds.filter((one) => one.kind === kind).map(figure));
    const p99 = of((round) => round.p99);
    const rate = of((round) => round.transactions);
    return [
      { what: `${kind}: staleness p99`, figures: p99, unit: 'ms', bar: '<= 1000', kept: p99.median <= 1_000 },
      { what: `${kind}: staleness p50`, figures: of((round) => round.p50), unit: 'ms', bar: '' },
      { what: `${kind}: transactions`, figures: rate, unit: '/s', bar: '<= 20', kept: rate.median <= 20 },
      { what: `${kind}: origin`, figures: of((round) => round.cpu), unit: 'cores', bar: '' },
      { what: `${kind}: kept busy by others`, figures: of((round) => round.others), unit: 'cores', bar: '' },
    ];
  });
  return { name: 'flips', rows, rounds };
}
