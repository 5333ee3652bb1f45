import { create } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { Client, credentials } from '@grpc/grpc-js';
import { readFileSync, writeFileSync } from 'node:fs';
import { sync } from '@knot/contract';
import { bearerMetadata, methodDefinition } from '@knot/link';
import { startOrigin } from '../tools/cluster.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { spread, type Row } from './figures.js';
import { withOthers } from './machine-share.js';
import { enrolLeaves, type BareLeaf } from './many-leaves.js';
import { cpuSeconds, memoryOf } from './process-usage.js';
import { profiled } from './measured-cluster.js';
import { openRawStream, startRawPeer } from './raw-peer.js';
import { seedSpaces } from './seed-spaces.js';
import { startStoreServer, STORE_KINDS, type StoreKind } from './store-origin.js';

const MB = 1_000_000;
const WARM_UPS = 2;

interface Round {
  readonly kind: StoreKind;
  readonly listed: Took;
  readonly raw: Took;
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

interface Took {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of CPU of the server. */
  readonly cpu: number;
}

async function timed<T>(pid: number, work: () => Promise<T>): Promise<Took & { readonly result: T }> {
  const [begun, before] = [performance.now(), cpuSeconds(pid)];
  const result = await work();
  return { result, wall: (performance.now() - begun) / 1_000, cpu: cpuSeconds(pid) - before };
}

/** The same bytes as messages of the same size by grpc-js alone. */
async function ofRaw(bytes: number, messages: number): Promise<Took> {
  const peer = await startRawPeer('pages', [messages, Math.ceil(bytes / messages)]);
  let took: Took = { wall: NaN, cpu: NaN };
  for (let turn = 0; turn <= WARM_UPS; turn += 1) {
    took = await timed(peer.pid, async () => {
      const { stream, close } = openRawStream(peer.port);
      for await (const _ of stream);
      close();
    });
  }
  await peer.kill();
  return took;
}

/** Bytes of all pages, which nobody makes objects of, as nobody does of the raw peer's. */
async function listBytes({ credential }: BareLeaf, client: Client): Promise<number> {
  const { path, requestSerialize } = methodDefinition(sync.Sync.method.list);
  for (let [bytes, pageToken] = [0, '']; ;) {
    const request = create(sync.ListRequestSchema, { pageToken, limit: 500 });
    const page = await new Promise<Buffer>((resolve, reject) => {
      const done = (error: Error | null, answer?: Buffer) =>
        answer ? resolve(answer) : reject(error ?? new Error('no answer'));
      client.makeUnaryRequest(path, requestSerialize, (part) => part, request, bearerMetadata(credential), done);
    });
    bytes += page.length;
    pageToken = tokenIn(page);
    if (pageToken === '') return bytes;
  }
}

function tokenIn(page: Buffer): string {
  const reader = new BinaryReader(page);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === sync.ListResponseSchema.field.nextPageToken.number) return reader.string();
    reader.skip(wireType, field);
  }
  return '';
}

async function measure(kind: StoreKind, options: BenchOptions): Promise<Round> {
  const count = options.spaces;
  const server = await startStoreServer(kind);
  const first = await startOrigin({ config: server.keys });
  const { hostname: host, port } = new URL(first.url);
  const [leaf] = await enrolLeaves({ host, port: Number(port), tls: false, ca: '' }, 1);
  if (leaf === undefined) throw new Error('no leaf was enrolled');
  await first.process.terminate();
  const store = await server.open();
  await seedSpaces(store, count, () => leaf.location);
  await store.close();
  const origin = await first.restart(profiled(options, `relist-${kind}`));
  const { pid } = origin.process;
  const client = new Client(`${host}:${port}`, credentials.createInsecure());
  for (let turn = 0; turn < WARM_UPS; turn += 1) await listBytes(leaf, client);
  const before = memoryOf(pid).rss;
  forgetPeak(pid);
  const { result: listed, others } = await withOthers(() => timed(pid, () => listBytes(leaf, client)));
  const rise = peakOf(pid) - before;
  const bytes = listed.result;
  const raw = await ofRaw(bytes, Math.ceil(count / 500));
  client.close();
  leaf.client.close();
  await origin.process.terminate();
  await server.stop();
  return { kind, listed, raw, bytes, rise, others };
}

/** P8: all spaces of a location are listed anew, beside the same bytes sent by grpc-js alone. */
export async function measureRelist(options: BenchOptions): Promise<BenchResult> {
  const rounds: Round[] = [];
  for (let number = 0; number < options.rounds; number += 1) {
    for (const kind of STORE_KINDS) rounds.push(await measure(kind, options));
  }
  const rows = STORE_KINDS.flatMap((kind): Row[] => {
    const of = (figure: (round: Round) => number) => spread(rounds.filter((one) => one.kind === kind).map(figure));
    const each = (cpu: (round: Round) => number) => of((round) => (cpu(round) / options.spaces) * 1_000_000);
    const ratio = of((round) => round.raw.wall / round.listed.wall);
    const rise = of((round) => round.rise / MB);
    return [
      { what: `${kind}: rate`, figures: ratio, unit: 'x raw', bar: '>= 0.5', kept: ratio.median >= 0.5 },
      { what: `${kind}: memory at the peak`, figures: rise, unit: 'MB more', bar: '<= 64', kept: rise.median <= 64 },
      {
        what: `${kind}: ${options.spaces} spaces listed in`,
        figures: of(({ listed }) => listed.wall),
        unit: 's',
        bar: '',
      },
      { what: `${kind}: CPU of a space`, figures: each(({ listed }) => listed.cpu), unit: 'us', bar: '' },
      { what: `${kind}: CPU of its bytes raw`, figures: each(({ raw }) => raw.cpu), unit: 'us', bar: '' },
      { what: `${kind}: bytes`, figures: of((round) => round.bytes / MB), unit: 'MB', bar: '' },
      { what: `${kind}: kept busy by others`, figures: of((round) => round.others), unit: 'cores', bar: '' },
    ];
  });
  return { name: 'relist', rows, rounds };
}
