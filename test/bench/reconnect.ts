import { readFileSync } from 'node:fs';
import { connect as dial } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createSecureContext, type SecureContext } from 'node:tls';
import { ownCertificateFile, startOrigin } from '../tools/cluster.js';
import { makeCertificate } from '../tools/certificates.js';
import { startKnot } from '../tools/processes.js';
import { firstWord } from './bare-watch.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { percentile, spread, type Row } from './figures.js';
import { withOthers } from './machine-share.js';
import { enrolLeaves, follow, listAll, type BareLeaf, type Target } from './many-leaves.js';
import { cpuSeconds } from './process-usage.js';
import { profiled } from './measured-cluster.js';
import { startRawPeer } from './raw-peer.js';

/** Between attempts of one, both of knot's leaves and of the raw ones. */
const PAUSE_MS = 250;

interface Back {
  /** Seconds from the server's return until each was served again. */
  readonly times: readonly number[];
  /** Of the server since its return, for each of them, seconds. */
  readonly cpu: number;
  /** Of this process, which plays all of them, the same way. */
  readonly ownCpu: number;
}

/** Seconds of CPU of this process since then. */
function ownSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

interface Round {
  /** Seconds from the server's return to the last that was served again. */
  readonly leaves: number;
  readonly raw: number;
  readonly cpu: number;
  readonly ownCpu: number;
  readonly rawCpu: number;
  readonly rawOwnCpu: number;
  readonly p50: number;
  readonly relists: number;
  readonly others: number;
}

/** Tries until it is served at a time after `since`; gives that time. */
async function again(attempt: () => Promise<void>): Promise<number> {
  for (;;) {
    try {
      await attempt();
      return performance.now();
    } catch {
      await sleep(PAUSE_MS * (0.5 + Math.random()));
    }
  }
}

/** When the port is listened on again, as whoever waits for it sees it. */
async function opened(port: number): Promise<number> {
  const answers = () =>
    new Promise<boolean>((resolve) => {
      const socket = dial({ host: '127.0.0.1', port }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  while (!(await answers())) await sleep(5);
  return performance.now();
}

/** Notes where the log did not tell. */
async function resume(leaf: BareLeaf, target: Target, trust: SecureContext, relist: () => void): Promise<void> {
  try {
    await firstWord(leaf, target, trust);
  } catch (error) {
    if (error instanceof Error && error.message === 'sync.relist') relist();
    throw error;
  }
}

async function ofLeaves(options: BenchOptions, count: number): Promise<Back & { relists: number }> {
  const origin = await startOrigin({ tls: true });
  const { hostname: host, port } = new URL(origin.url);
  const ca = readFileSync(ownCertificateFile(origin.process), 'utf8');
  const target = { host, port: Number(port), tls: true, ca };
  const leaves = await enrolLeaves(target, count);
  const end = new AbortController();
  for (const leaf of leaves) {
    await listAll(leaf);
    void follow(leaf, end.signal, () => undefined).catch(() => undefined);
  }
  await origin.process.kill();
  let relists = 0;
  for (const { client } of leaves) client.close();
  const { folder, configFile } = origin.process;
  const config = readFileSync(configFile, 'utf8');
  const next = await startKnot({ config, folder, name: 'origin', env: profiled(options, 'reconnect') });
  const returned = opened(target.port).then((at) => {
    return { at, before: cpuSeconds(next.pid), own: process.cpuUsage() };
  });
  const trust = createSecureContext({ ca });
  const times = await Promise.all(
    leaves.map((leaf) => again(() => resume(leaf, target, trust, () => void (relists += 1)))),
  );
  const { at, before, own } = await returned;
  const cpu = (cpuSeconds(next.pid) - before) / count;
  const ownCpu = ownSince(own) / count;
  end.abort();
  await next.terminate();
  return { times: times.map((time) => (time - at) / 1_000), cpu, ownCpu, relists };
}

async function ofRaw(count: number): Promise<Back> {
  const { caFile, certFile, keyFile } = makeCertificate('IP:127.0.0.1');
  const secureContext = createSecureContext({ ca: readFileSync(caFile) });
  const first = await startRawPeer('tls', [certFile, keyFile]);
  const { port } = first;
  const before = cpuSeconds(first.pid);
  const served = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, secureContext }, () => socket.write('x'));
      socket.once('data', () => {
        socket.destroy();
        resolve();
      });
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('it ended')));
    });
  await served();
  await first.kill();
  const starting = sleep(1_000).then(() => startRawPeer('tls', [certFile, keyFile], port));
  const returned = opened(port).then((at) => ({ at, own: process.cpuUsage() }));
  const times = await Promise.all(Array.from({ length: count }, () => again(served)));
  const [next, { at, own }] = [await starting, await returned];
  const cpu = (cpuSeconds(next.pid) - before) / count;
  const ownCpu = ownSince(own) / count;
  await next.kill();
  return { times: times.map((time) => (time - at) / 1_000), cpu, ownCpu };
}

/** P7: an origin is killed under many leaves and comes back; beside it, as many bare TLS connections. */
export async function measureReconnect(options: BenchOptions): Promise<BenchResult> {
  const rounds: Round[] = [];
  const count = options.leaves * 2;
  for (let number = 0; number < options.rounds; number += 1) {
    const { result, others } = await withOthers(() => ofLeaves(options, count));
    const raw = await ofRaw(count);
    const { times, relists, cpu, ownCpu } = result;
    const last = { leaves: Math.max(...times), raw: Math.max(...raw.times) };
    rounds.push({
      ...last,
      cpu,
      ownCpu,
      rawCpu: raw.cpu,
      rawOwnCpu: raw.ownCpu,
      p50: percentile(times, 0.5),
      relists,
      others,
    });
  }
  const of = (figure: (round: Round) => number) => spread(rounds.map(figure));
  const ratio = of((round) => round.leaves / round.raw);
  const relists = of((round) => round.relists);
  const rows: Row[] = [
    { what: `${count} leaves are back`, figures: ratio, unit: 'x raw TLS', bar: '<= 1.5', kept: ratio.median <= 1.5 },
    { what: 'relists', figures: relists, unit: '', bar: '0', kept: relists.max === 0 },
    { what: 'the last leaf', figures: of((round) => round.leaves), unit: 's', bar: '' },
    { what: 'the last raw one', figures: of((round) => round.raw), unit: 's', bar: '' },
    { what: 'CPU of the origin for one', figures: of(({ cpu }) => cpu * 1_000), unit: 'ms', bar: '' },
    { what: 'raw: CPU of the server for one', figures: of(({ rawCpu }) => rawCpu * 1_000), unit: 'ms', bar: '' },
    { what: 'CPU of a leaf as played', figures: of(({ ownCpu }) => ownCpu * 1_000), unit: 'ms', bar: '' },
    { what: 'raw: CPU of a client', figures: of(({ rawOwnCpu }) => rawOwnCpu * 1_000), unit: 'ms', bar: '' },
    { what: 'kept busy by others', figures: of((round) => round.others), unit: 'cores', bar: '' },
  ];
  return { name: 'reconnect', rows, rounds };
}
