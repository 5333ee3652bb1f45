import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { spaceWithAgent } from '../tools/ssh.js';
import { TerminalWindow } from '../tools/terminal-window.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { percentile, spread, type Row } from './figures.js';

const MANY = 100;
/** An agent opens at most 64. */
const OF_ONE = 50;
const EVERY_MS = 100;
/** Of each place in a round: six seconds of typing. */
const KEYS = 60;
/** More would tell no more, and the whole is to take less than two minutes. */
const MOST_ROUNDS = 3;
/** Opened at once. */
const AT_ONCE = 10;
const PATIENCE = { timeout: 120_000, interval: 100 };

/** Somewhere to type, where each key is said again by the terminal itself. */
interface Typed {
  key(letter: string): Promise<void>;
  leave(): void;
}

/** How long each key took to be seen, ms. */
async function typed(places: readonly Typed[]): Promise<number[]> {
  const took = places.map(async (place, nth) => {
    const own: number[] = [];
    await sleep((nth / places.length) * EVERY_MS);
    for (let number = 0; number < KEYS; number += 1) {
      const begun = performance.now();
      await place.key('x');
      const spent = performance.now() - begun;
      own.push(spent);
      await sleep(Math.max(0, EVERY_MS - spent));
    }
    return own;
  });
  return (await Promise.all(took)).flat();
}

/** `door`: of the origin, or of the leaf itself. */
async function window({ api }: Origin, door: string, space: string): Promise<Typed> {
  const opened = await new TerminalWindow(door, api, space).open();
  opened.type('echo re$((1))ady; exec cat\n');
  await opened.hears('re1ady');
  await sleep(200);
  return opened;
}

/** As many as are typed in; `opened` has each as soon as it is there. */
async function openMany(open: (nth: number) => Promise<Typed>, opened: Typed[]): Promise<Typed[]> {
  const places: Typed[] = [];
  for (let from = 0; from < MANY; from += AT_ONCE) {
    const some = await Promise.all(Array.from({ length: AT_ONCE }, (_, nth) => open(from + nth)));
    places.push(...some);
    opened.push(...some);
  }
  return places;
}

interface Sshd {
  open(): Promise<Typed>;
  stop(): void;
}

/** OpenSSH's own server on this machine, with its own client. */
async function startSshd(): Promise<Sshd> {
  const folder = freshFolder('sshd');
  const [port, identity, config] = [await freePort(), join(folder, 'identity'), join(folder, 'config')];
  for (const key of [identity, join(folder, 'host')]) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  }
  // it will not start without
  mkdirSync('/run/sshd', { recursive: true });
  const lines = [
    ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${join(folder, 'host')}`, 'PidFile none', 'UsePAM no'],
    ...[`AuthorizedKeysFile ${identity}.pub`, 'StrictModes no', 'MaxStartups 1000', 'PermitRootLogin yes'],
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], { stdio: 'ignore' });
  const options = ['BatchMode=yes', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'];
  const flags = ['-tt', '-F', 'none', '-i', identity, '-p', String(port), ...options.flatMap((one) => ['-o', one])];
  const open = async () => {
    const client = spawn('ssh', [...flags, '127.0.0.1', 'echo ready; exec cat']);
    const screen = new SshScreen(client);
    await eventually(() => screen.said.includes('ready'), Boolean, { ...PATIENCE, what: 'ssh' });
    return screen;
  };
  await eventually(() => takesConnections(port), Boolean, { ...PATIENCE, what: 'sshd' });
  return { open, stop: () => void server.kill() };
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

class SshScreen implements Typed {
  said = '';
  private heard: (() => void) | null = null;

  constructor(private readonly client: ChildProcessWithoutNullStreams) {
    client.stdin.on('error', () => undefined);
    client.stdout.on('data', (chunk: Buffer) => {
      this.said += chunk.toString();
      this.heard?.();
      this.heard = null;
    });
  }

  async key(letter: string): Promise<void> {
    const echoed = new Promise<void>((resolve) => (this.heard = resolve));
    this.client.stdin.write(letter);
    await echoed;
  }

  leave(): void {
    this.client.kill();
  }
}

const WAYS = ['origin', 'leaf', 'ssh'] as const;

/** Web terminals by the origin, straight to the leaf, and ssh. */
type Way = (typeof WAYS)[number];

interface Round {
  readonly what: 'one' | 'many';
  /** ms */
  readonly took: Readonly<Record<Way, readonly number[]>>;
}

/** Keys typed in web terminals, through leaf and agent, with the origin before them and without, and by ssh to the same machine, until they are seen (P14). */
export async function measureKeys({ rounds }: BenchOptions): Promise<BenchResult> {
  const origin = await startOrigin();
  const port = await freePort();
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
    'server.direct_url': `http://127.0.0.1:${port}`,
  };
  const leaf = await startLeaf(origin, { location: 'lon', local: true, config, listen: port });
  await locationReady(origin, 'lon', 'local');
  const windows = async (door: string, ...names: readonly string[]) => {
    const spaces: string[] = [];
    for (const name of names) spaces.push((await spaceWithAgent(origin, name, 'lon')).id);
    return (nth: number) => window(origin, door, spaces[Math.floor(nth / OF_ONE)] ?? '');
  };
  const [byOrigin, straight] = [await windows(origin.url, 'one', 'two'), await windows(leaf.url, 'three', 'four')];
  const sshd = await startSshd();
  const all: Round[] = [];
  const opened: Typed[] = [];
  try {
    const places = {
      origin: await openMany(byOrigin, opened),
      leaf: await openMany(straight, opened),
      ssh: await openMany(sshd.open, opened),
    };
    for (let number = 0; number < Math.min(rounds, MOST_ROUNDS); number += 1) {
      for (const [what, count] of [['one', 1] as const, ['many', MANY] as const]) {
        const typedAt = (way: Way) => typed(places[way].slice(0, count));
        all.push({
          what,
          took: { ssh: await typedAt('ssh'), origin: await typedAt('origin'), leaf: await typedAt('leaf') },
        });
      }
    }
  } finally {
    for (const place of opened) place.leave();
    sshd.stop();
  }
  const rows = (['one', 'many'] as const).flatMap((what) =>
    rowsOf(
      all.filter((round) => round.what === what),
      what,
    ),
  );
  const told = all.map((round) => ({
    what: round.what,
    ...Object.fromEntries(WAYS.map((way) => [way, p95(round, way)])),
  }));
  return { name: 'keys', rows, rounds: told };
}

function p95({ took }: Round, way: Way): number {
  return percentile(took[way], 0.95);
}

function rowsOf(rounds: readonly Round[], what: Round['what']): Row[] {
  const name = what === 'one' ? 'one terminal' : `${MANY} terminals`;
  const took = (way: Way) => ({ figures: spread(rounds.map((round) => p95(round, way))), unit: 'ms', bar: '' });
  const ratio = (way: Way) => {
    const figures = spread(rounds.map((round) => p95(round, way) / p95(round, 'ssh')));
    return { figures, unit: 'x', bar: '<= 1.5', kept: figures.median <= 1.5 };
  };
  return [
    { what: `${name} by the origin: key to echo, p95`, ...took('origin') },
    { what: `${name} straight to the leaf: key to echo, p95`, ...took('leaf') },
    { what: 'as many by ssh, p95', ...took('ssh') },
    { what: `${name} by the origin: ratio`, ...ratio('origin') },
    { what: `${name} straight to the leaf: ratio`, ...ratio('leaf') },
  ];
}
