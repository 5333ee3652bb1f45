import { randomUUID } from 'node:crypto';
import { performServerHandshake, type ServerHttp2Session } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { dial } from '../../apps/agent/src/dial.js';
import { environmentOf } from '../tools/agent.js';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { spaceWithAgent } from '../tools/ssh.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { percentile, spread, type Row } from './figures.js';
import { cpuSeconds, memoryOf } from './process-usage.js';
import { joinSecretOf, seedSpaces } from './seed-spaces.js';
import { startStoreServer } from './store-origin.js';

const LOCATION = 'lon';
const BEAT_MS = 10_000;
const WATCH_MS = 30_000;
const SETTLE_MS = 20_000;

type Place = Pick<Parameters<typeof dial>[0], 'endpoint' | 'targets' | 'ca'>;

/** Speaks as an agent does and carries nothing. */
class FakeAgent {
  /** How long its own join took, ms; NaN before. */
  took = NaN;
  private session: ServerHttp2Session | null = null;

  constructor(
    private readonly space: string,
    private readonly place: Place,
  ) {}

  /** Until it is let in. */
  async join(): Promise<void> {
    for (;;) {
      const begun = performance.now();
      try {
        const secret = joinSecretOf(this.space);
        const own = { space: this.space, instance: randomUUID(), secret, version: '0.1.0', credential: '' };
        const { socket } = await dial({ ...this.place, ...own });
        this.took = performance.now() - begun;
        const session = performServerHandshake(socket);
        session.on('error', () => undefined);
        session.on('stream', (stream, headers) => {
          stream.on('error', () => undefined);
          stream.respond({ ':status': 200 });
          if (headers[':path'] === '/report') stream.write('{"version":"0.1.0","ports":[],"activeAt":0}\n');
          stream.resume();
        });
        this.session = session;
        return;
      } catch {
        await sleep(250 * Math.random());
      }
    }
  }

  /** There and back, ms. */
  beat(): Promise<number> {
    return new Promise((resolve) => {
      const sent = this.session?.ping((error, duration) => resolve(error ? Infinity : duration)) ?? false;
      if (!sent) resolve(Infinity);
    });
  }

  leave(): void {
    this.session?.destroy();
  }
}

interface Round {
  /** Seconds until the last was let in. */
  readonly storm: number;
  /** ms */
  readonly joined: readonly number[];
  readonly beats: readonly number[];
  /** Bytes of the leaf's memory for each. */
  readonly each: number;
  /** The leaf's, per cent of a core, while they do nothing but beat. */
  readonly cpu: number;
}

/** Many agents on one leaf: all knock at once, then only their pings go to and fro. */
export async function measureAgents({ agents, rounds }: BenchOptions): Promise<BenchResult> {
  const server = await startStoreServer('sqlite');
  const port = await freePort();
  const origin = await startOrigin({ config: server.keys });
  const config = { 'server.local.path': freshFolder('spaces'), 'server.listen_agent': `127.0.0.1:${port}` };
  const leaf = await startLeaf(origin, { location: LOCATION, local: true, config });
  await locationReady(origin, LOCATION, 'local');
  const one = await spaceWithAgent(origin, 'real', LOCATION);
  const ca = Buffer.from(environmentOf(one)['KNOT_AGENT_CA'] ?? '', 'base64').toString();
  await origin.process.terminate(30_000);
  const store = await server.open();
  const ids = await seedSpaces(store, agents, () => LOCATION);
  // so that the leaf lists anew
  await store.newEpoch();
  await store.close();
  await origin.restart();
  const targets = [{ host: '127.0.0.1', port: Number(port) }];
  const place = { endpoint: `127.0.0.1:${port}`, targets, ca };
  // the last one is let in once the leaf has them all
  const first = new FakeAgent(ids.at(-1) ?? '', place);
  await first.join();
  first.leave();
  await sleep(SETTLE_MS);
  const all: Round[] = [];
  for (let number = 0; number < rounds; number += 1) all.push(await round(ids, place, leaf.process.pid));
  return { name: 'agents', rows: rowsOf(all), rounds: all.map(({ storm, each, cpu }) => ({ storm, each, cpu })) };
}

async function round(ids: readonly string[], place: Place, pid: number): Promise<Round> {
  const before = memoryOf(pid).rss;
  const fakes = ids.map((id) => new FakeAgent(id, place));
  const begun = performance.now();
  await Promise.all(fakes.map((fake) => fake.join()));
  const storm = (performance.now() - begun) / 1_000;
  await sleep(SETTLE_MS);
  const [cpuBefore, since] = [cpuSeconds(pid), performance.now()];
  const beats = (
    await Promise.all(
      fakes.map(async (fake, nth) => {
        const own: number[] = [];
        await sleep((nth / fakes.length) * BEAT_MS);
        while (performance.now() - since < WATCH_MS) {
          own.push(await fake.beat());
          await sleep(BEAT_MS);
        }
        return own;
      }),
    )
  ).flat();
  const cpu = ((cpuSeconds(pid) - cpuBefore) / (performance.now() - since)) * 100_000;
  const each = (memoryOf(pid).rss - before) / fakes.length;
  for (const fake of fakes) fake.leave();
  await sleep(SETTLE_MS);
  return { storm, joined: fakes.map(({ took }) => took), beats, each, cpu };
}

function rowsOf(rounds: readonly Round[]): Row[] {
  const row = (what: string, unit: string, figure: (round: Round) => number): Row => ({
    ...{ what, unit },
    figures: spread(rounds.map(figure)),
    bar: '',
  });
  return [
    row('all let in after', 's', ({ storm }) => storm),
    row('a join, p50', 'ms', ({ joined }) => percentile(joined, 0.5)),
    row('a join, p95', 'ms', ({ joined }) => percentile(joined, 0.95)),
    row('a heartbeat there and back, p95', 'ms', ({ beats }) => percentile(beats, 0.95)),
    row('heartbeats without an answer', '', ({ beats }) => beats.filter((beat) => beat === Infinity).length),
    row('leaf: RSS for each agent', 'kB', ({ each }) => each / 1_000),
    row('leaf: CPU while they only beat', '% of a core', ({ cpu }) => cpu),
  ];
}
