import { request } from 'node:http';
import { startAppLeaf, startAppSpace } from '../tools/app-space.js';
import { AppVisitor } from '../tools/app-visitor.js';
import { ADMINISTRATOR, startOrigin } from '../tools/cluster.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { spread, type Row } from './figures.js';
import { cpuSeconds } from './process-usage.js';
import { startRawPeer } from './raw-peer.js';

const MEGABYTE = 1024 * 1024;
const LOADS = [
  { streams: 1, each: 512 * MEGABYTE },
  { streams: 100, each: 8 * MEGABYTE },
] as const;

/** Where the same bytes are had: by leaf and agent, or by the relay. */
interface Place {
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the processes between. */
  readonly pids: readonly number[];
}

interface Carried {
  /** MB/s of all streams together. */
  readonly rate: number;
  /** Of the processes between, ms of CPU for each MB. */
  readonly cpu: number;
}

interface Round {
  readonly streams: number;
  readonly knot: Carried;
  readonly raw: Carried;
}

/** Takes `bytes` of the app and throws them away. */
function take({ port, headers }: Place, bytes: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const path = `/download?bytes=${bytes}`;
    const sent = request({ host: '127.0.0.1', port, path, headers, agent: false }, (answer) => {
      let taken = 0;
      answer.on('data', (chunk: Buffer) => (taken += chunk.length));
      answer.on('error', reject);
      answer.on('end', () =>
        taken === bytes ? resolve() : reject(new Error(`${answer.statusCode}: ${taken} of ${bytes} bytes came`)),
      );
    });
    sent.on('error', reject).end();
  });
}

async function carried(place: Place, { streams, each }: { streams: number; each: number }): Promise<Carried> {
  const worked = () => place.pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const [begun, before] = [performance.now(), worked()];
  await Promise.all(Array.from({ length: streams }, () => take(place, each)));
  const megabytes = (streams * each) / MEGABYTE;
  return {
    rate: megabytes / ((performance.now() - begun) / 1_000),
    cpu: ((worked() - before) * 1_000) / megabytes,
  };
}

/** Bytes of a web app straight from the leaf, through its agent, and the same through one relay of Node's (P13). */
export async function measureBytes({ rounds }: BenchOptions): Promise<BenchResult> {
  const { through, relay } = await startPlaces();
  await Promise.all([take(through, MEGABYTE), take(relay, MEGABYTE)]);
  const all: Round[] = [];
  for (let number = 0; number < rounds; number += 1) {
    for (const load of LOADS) {
      all.push({ streams: load.streams, knot: await carried(through, load), raw: await carried(relay, load) });
    }
  }
  const rows = LOADS.flatMap(({ streams }) =>
    rowsOf(
      streams,
      all.filter((round) => round.streams === streams),
    ),
  );
  return { name: 'bytes', rows, rounds: all };
}

async function startPlaces(): Promise<{ readonly through: Place; readonly relay: Place }> {
  const origin = await startOrigin({ config: { 'server.wildcard_domain': '*.knot-apps.test' } });
  const leaf = await startAppLeaf(origin, { direct: 'http' });
  const { port, pid } = await startAppSpace(origin);
  const address = port.directAddress;
  const ada = await AppVisitor.signIn(origin.url, ADMINISTRATOR.username);
  await ada.enter(address);
  const peer = await startRawPeer('relay', [port.port]);
  return {
    through: {
      port: Number(new URL(leaf.url).port),
      headers: { host: new URL(address).host, cookie: ada.cookie(address), accept: '*/*' },
      pids: [leaf.process.pid, pid],
    },
    relay: { port: peer.port, headers: {}, pids: [peer.pid] },
  };
}

function rowsOf(streams: number, rounds: readonly Round[]): Row[] {
  const name = streams === 1 ? 'one stream' : `${streams} streams`;
  const of = (figure: (round: Round) => number) => spread(rounds.map(figure));
  const ratio = of(({ knot, raw }) => knot.rate / raw.rate);
  return [
    { what: `${name}: by leaf and agent`, figures: of(({ knot }) => knot.rate), unit: 'MB/s', bar: '' },
    { what: `as many by a relay of Node's`, figures: of(({ raw }) => raw.rate), unit: 'MB/s', bar: '' },
    { what: `${name}: ratio`, figures: ratio, unit: 'x', bar: '>= 0.7', kept: ratio.median >= 0.7 },
    { what: `${name}: CPU of leaf and agent`, figures: of(({ knot }) => knot.cpu), unit: 'ms/MB', bar: '' },
    { what: `as many: CPU of the relay`, figures: of(({ raw }) => raw.cpu), unit: 'ms/MB', bar: '' },
  ];
}
