import { readFileSync, writeFileSync } from 'node:fs';
import { startOrigin } from '../tools/cluster.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { spread, type Row } from './figures.js';
import { withOthers } from './machine-share.js';
import { enrolLeaves, listAll } from './many-leaves.js';
import { memoryOf } from './process-usage.js';
import { openRawStream, startRawPeer } from './raw-peer.js';
import { seedSpaces } from './seed-spaces.js';
import { startStoreServer, STORE_KINDS, type StoreKind } from './store-origin.js';

const MB = 1_000_000;
const WARM_UPS = 2;

interface Round {
  readonly kind: StoreKind;
  /** Seconds. */
  readonly listed: number;
  readonly raw: number;
  /** Bytes. */
  readonly bytes: number;
  /** By how much the origin's memory rose at its peak, bytes. */
  readonly rise: number;
  readonly others: number;
}

/** The most memory since the last `forgetPeak`, bytes. */
function peakOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
}

function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** The same bytes as messages of the same size by grpc-js alone, seconds. */
async function rawSeconds(bytes: number, messages: number): Promise<number> {
  const peer = await startRawPeer('pages', [messages, Math.ceil(bytes / messages)]);
  let seconds = NaN;
  for (let turn = 0; turn <= WARM_UPS; turn += 1) {
    const begun = performance.now();
    const { stream, close } = openRawStream(peer.port);
    for await (const _ of stream);
    seconds = (performance.now() - begun) / 1_000;
    close();
  }
  await peer.kill();
  return seconds;
}

async function measure(kind: StoreKind, count: number): Promise<Round> {
  const server = await startStoreServer(kind);
  const first = await startOrigin({ config: server.keys });
  const { hostname: host, port } = new URL(first.url);
  const [leaf] = await enrolLeaves({ host, port: Number(port), tls: false, ca: '' }, 1);
  if (leaf === undefined) throw new Error('no leaf was enrolled');
  await first.process.terminate();
  const store = await server.open();
  await seedSpaces(store, count, () => leaf.location);
  await store.close();
  const origin = await first.restart();
  const { pid } = origin.process;
  for (let turn = 0; turn < WARM_UPS; turn += 1) await listAll(leaf);
  const before = memoryOf(pid).rss;
  forgetPeak(pid);
  const begun = performance.now();
  const { result, others } = await withOthers(() => listAll(leaf));
  const listed = (performance.now() - begun) / 1_000;
  const rise = peakOf(pid) - before;
  const raw = await rawSeconds(result.bytes, Math.ceil(count / 500));
  leaf.client.close();
  await origin.process.terminate();
  await server.stop();
  return { kind, listed, raw, bytes: result.bytes, rise, others };
}

/** P8: all spaces of a location are listed anew, beside the same bytes sent by grpc-js alone. */
export async function measureRelist(options: BenchOptions): Promise<BenchResult> {
  const rounds: Round[] = [];
  for (let number = 0; number < options.rounds; number += 1) {
    for (const kind of STORE_KINDS) rounds.push(await measure(kind, options.spaces));
  }
  const rows = STORE_KINDS.flatMap((kind): Row[] => {
    const of = (figure: (round: Round) => number) => spread(rounds.filter((one) => one.kind === kind).map(figure));
    const ratio = of((round) => round.raw / round.listed);
    const rise = of((round) => round.rise / MB);
    return [
      { what: `${kind}: rate`, figures: ratio, unit: 'x raw', bar: '>= 0.5', kept: ratio.median >= 0.5 },
      { what: `${kind}: memory at the peak`, figures: rise, unit: 'MB more', bar: '<= 64', kept: rise.median <= 64 },
      { what: `${kind}: ${options.spaces} spaces listed in`, figures: of((round) => round.listed), unit: 's', bar: '' },
      { what: `${kind}: bytes`, figures: of((round) => round.bytes / MB), unit: 'MB', bar: '' },
      { what: `${kind}: kept busy by others`, figures: of((round) => round.others), unit: 'cores', bar: '' },
    ];
  });
  return { name: 'relist', rows, rounds };
}
