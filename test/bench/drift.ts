import { get, type IncomingMessage } from 'node:http';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { startNomad } from '../tools/nomad.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { mockJob } from '../e2e/jobs.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { percentile, spread, type Row } from './figures.js';
import { quietMachine, withOthers } from './machine-share.js';

const SPACES = 30;
const BETWEEN_MS = 150;

interface Times {
  /** From Nomad's answer to whoever purged the job until the origin's event stream no longer calls the space running, ms. */
  readonly shown: number;
  /** Until Nomad has the job again, ms. */
  readonly back: number;
}

/** When the origin's event stream first called a space by another phase than Running. */
class Screen {
  private readonly left = new Map<string, number>();
  private constructor(private readonly stream: IncomingMessage) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (piece: string) => {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.read(line);
    });
  }

  static async open({ url, api }: Origin): Promise<Screen> {
    const headers = { authorization: `Bearer ${api.token}` };
    const address = new URL('/api/v1/events', url);
    return new Screen(
      await new Promise((resolve, reject) => get(address, { headers, agent: false }, resolve).on('error', reject)),
    );
  }

  async leftRunning(id: string): Promise<number> {
    return eventually(
      () => Promise.resolve(this.left.get(id) ?? 0),
      (at) => at > 0,
      { timeout: 60_000, interval: 5, what: 'the change to show' },
    );
  }

  close(): void {
    this.stream.destroy();
  }

  private read(line: string): void {
    const [, id = '', phase = ''] = /^data: \{"kind":"space","id":"([^"]+)".*"phase":"([A-Za-z]+)"/.exec(line) ?? [];
    if (id !== '' && phase !== 'Running' && !this.left.has(id)) this.left.set(id, performance.now());
  }
}

async function purgeAll(nomad: NomadClient, origin: Origin, spaces: readonly string[]): Promise<Times[]> {
  const screen = await Screen.open(origin);
  const times: Times[] = [];
  for (const id of spaces) {
    const job = `knot-${id}`;
    const before = (await nomad.job(job))?.['CreateIndex'];
    await nomad.purge(job);
    const known = performance.now();
    await eventually(
      () => nomad.job(job),
      (now) => now !== undefined && now['CreateIndex'] !== before,
      { timeout: 60_000, interval: 10, what: 'the job to be back' },
    );
    const back = performance.now() - known;
    times.push({ shown: Math.max(0, (await screen.leftRunning(id)) - known), back });
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
  }
  screen.close();
  return times;
}

/** Jobs purged behind knot's back, one after another: until a screen shows it, and until each is there again. */
export async function measureDrift(options: BenchOptions): Promise<BenchResult> {
  const server = await startNomad();
  const nomad = await server.freshNamespace();
  const origin = await startOrigin();
  const leaf = await startLeaf(origin, { location: 'lon', nomad: nomad.access });
  await locationReady(origin, 'lon', 'nomad');
  const exceptions = ['driver:mock_driver'];
  const template = await origin.api.createTemplate({ name: 'mock', platform: 'nomad', job: mockJob(), exceptions });
  const rounds: { shown: number; shownP50: number; back: number; others: number }[] = [];
  for (let number = 0; number < options.rounds; number += 1) {
    const spaces: string[] = [];
    for (let one = 0; one < SPACES; one += 1) {
      const space = await origin.api.createSpace(`drift-${number}-${one}`, template.id, 'lon');
      await origin.api.wish(space.id, 'start');
      spaces.push(space.id);
    }
    for (const id of spaces) await origin.api.phase(id, 'Running', { timeout: 60_000 });
    await quietMachine();
    const { result, others } = await withOthers(() => purgeAll(nomad, origin, spaces));
    const of = (figure: (times: Times) => number, share: number) => percentile(result.map(figure), share);
    rounds.push({
      shownP50: of(({ shown }) => shown, 0.5),
      shown: of(({ shown }) => shown, 0.95),
      back: of(({ back }) => back, 0.95),
      others,
    });
  }
  await leaf.process.terminate();
  await origin.process.terminate();
  await server.stop();
  const all = (figure: (round: (typeof rounds)[number]) => number) => spread(rounds.map(figure));
  const [shown, back] = [all((round) => round.shown), all((round) => round.back)];
  const rows: Row[] = [
    { what: 'shown at the origin, p50', figures: all((round) => round.shownP50), unit: 'ms', bar: '' },
    { what: 'shown at the origin, p95', figures: shown, unit: 'ms', bar: '<= 1000', kept: shown.median <= 1_000 },
    { what: 'at Nomad again, p95', figures: back, unit: 'ms', bar: '<= 2000', kept: back.median <= 2_000 },
    { what: 'kept busy by others', figures: all((round) => round.others), unit: 'cores', bar: '' },
  ];
  return { name: 'drift', rows, rounds };
}
