import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Space } from '../../tools/api-client.js';
import type { Leaf, Origin } from '../../tools/cluster.js';
import { eventually } from '../../tools/eventually.js';
import { metric } from '../../tools/metrics.js';
import type { KnotProcess } from '../../tools/processes.js';
import { newName, PATIENCE_MS, People } from './people.js';
import { whatStands } from './what-stands.js';

/** By how much a process may have grown when a fault is over, MB: what Node keeps for itself, and no backlog. */
const GROWTH_MB = 96;

/** What runs spaces, and how a test sees past knot how many workloads of a space there are. */
export interface Site {
  readonly platform: 'local' | 'nomad';
  readonly job: string;
  readonly volumes?: string;
  readonly exceptions?: string[];
  live(space: Space): number | Promise<number>;
  hasVolumes(space: Space): boolean | Promise<boolean>;
}

/** An origin and a leaf that a fault is about to strike. Whoever starts one of them anew puts it in here. */
export interface Arena {
  origin: Origin;
  leaf: Leaf;
  readonly location: string;
  readonly site: Site;
}

export interface Fault {
  readonly strike: () => unknown;
  /** How long it lasts at least, ms. */
  readonly lastsMs?: number;
  /** Until each of the wishes was acknowledged. */
  readonly outlastsWishes?: boolean;
  readonly heal?: () => unknown;
}

/** What was seen when a fault was over. */
export interface Outcome {
  /** From the end of the fault until all was as wished, s. */
  readonly convergedS: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly orphans: number;
  readonly doubles: number;
  /** Whether the space that nobody touched ran on, or was put back. */
  readonly untouched: 'ran on' | 'was put back';
  /** Growth of origin and leaf, MB. */
  readonly growthMb: readonly [origin: number, leaf: number];
}

/** Each space is one process of this machine with its name in its arguments, and a folder for its volume. */
export function localSite(folder: string): Site {
  return {
    platform: 'local',
    job: 'command: [sh, "-c", "while :; do sleep 1000; done", "space-${{ .space.name }}"]\nvolumes: [home]\nstop: { grace: 2 }',
    volumes: 'volumes:\n  - name: home\n',
    live: ({ name }) => commands().filter((words) => words[0] === 'sh' && words.at(-1) === `space-${name}`).length,
    hasVolumes: ({ id }) => existsSync(join(folder, 'volumes', id, 'home')),
  };
}

function commands(): string[][] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
      } catch {
        return [];
      }
    });
}

/**
 * Lets a fault strike while people wish: one space is left alone, one is turned on and off, one is deleted, one is made.
 * When the fault is over all has to be as it was last wished, with nothing lost, doubled or left behind.
 */
export async function weather(arena: Arena, fault: Fault): Promise<Outcome> {
  try {
    return await endured(arena, fault);
  } catch (error) {
    throw new Error(`${String(error)}\n${await whatStands(arena.origin, arena.leaf, arena.location)}`, {
      cause: error,
    });
  }
}

async function endured(arena: Arena, fault: Fault): Promise<Outcome> {
  const { site, location } = arena;
  const people = new People(arena);
  const template = await arena.origin.api.createTemplate({
    name: newName('worker'),
    platform: site.platform,
    job: site.job,
    volumes: site.volumes ?? '',
    exceptions: site.exceptions ?? [],
  });
  const begin = async (what: string) => people.started(await people.make(newName(what), template.id, location));
  const [kept, turned, doomed] = [await begin('kept'), await begin('turned'), await begin('doomed')];
  const memory = [residentMb(arena.origin.process), residentMb(arena.leaf.process)] as const;
  people.acknowledged = 0;

  await fault.strike();
  const wishing = Promise.all([people.turn(turned), people.delete(doomed), people.makeAndStart(template.id, location)]);
  wishing.catch(() => undefined);
  if (fault.lastsMs) await pause(fault.lastsMs);
  if (fault.outlastsWishes) await wishing;
  await fault.heal?.();
  const healedAt = performance.now();
  const [generation, , made] = await wishing;
  await people.gone(doomed);
  const spaces = [await people.running(kept), await people.running(turned, generation), await people.running(made)];
  const convergedS = Math.round((performance.now() - healedAt) / 1_000);

  await atRest(arena);
  const wanted = [1, 1, 1, 0];
  const live = await eventually(
    () => Promise.all([...spaces, doomed].map(async (space) => site.live(space))),
    (counts) => counts.every((count, index) => count === wanted[index]),
    { timeout: PATIENCE_MS, what: 'one workload of each space that runs' },
  );
  // A connection that was left idle meanwhile may be closed by the server at the moment of the question.
  const answered = <T>(ask: () => Promise<T>) =>
    eventually(ask, () => true, { timeout: PATIENCE_MS, what: 'an answer' });
  const shown = (await answered(() => arena.origin.api.spaces())).map(({ id }) => id);
  const outcome: Outcome = {
    convergedS,
    acknowledged: people.acknowledged,
    lost: spaces.filter(({ id }) => !shown.includes(id)).length,
    orphans: (await answered(() => arena.origin.api.orphans(location))).length,
    doubles: live.reduce((sum, count, index) => sum + Math.abs(count - (wanted[index] ?? 0)), 0),
    untouched: spaces[0]?.instance === kept.instance ? 'ran on' : 'was put back',
    growthMb: await grown(arena, memory),
  };
  expect(outcome).toMatchObject({ lost: 0, orphans: 0, doubles: 0 });
  expect(await site.hasVolumes(kept)).toBe(true);
  expect(await site.hasVolumes(doomed)).toBe(false);
  // Two restarts were wished: none was lost, none was done by two wishes.
  expect(spaces[1]?.restarts).toBe(turned.restarts + 2);
  for (const space of spaces) await people.delete(space);
  for (const space of spaces) await people.gone(space);
  return outcome;
}

/** The leaf follows and has nothing left to do. */
async function atRest({ origin, leaf, location }: Arena): Promise<void> {
  await eventually(
    () => metric(leaf.url, 'knot_leaf_stage', { stage: 'following' }),
    (value) => value === 1,
    {
      timeout: PATIENCE_MS,
      what: 'the leaf to follow',
    },
  );
  await eventually(
    () => origin.api.location(location),
    ({ headRev, appliedRev, live }) => live && headRev === appliedRev,
    { timeout: PATIENCE_MS, what: 'the leaf to have all that is wished' },
  );
}

async function grown(
  { origin, leaf }: Arena,
  [ofOrigin, ofLeaf]: readonly [number, number],
): Promise<[number, number]> {
  return eventually(
    (): [number, number] => [residentMb(origin.process) - ofOrigin, residentMb(leaf.process) - ofLeaf],
    (growth) => growth.every((mb) => mb <= GROWTH_MB),
    { timeout: PATIENCE_MS, interval: 1_000, what: 'the memory to come back' },
  );
}

function residentMb({ pid }: KnotProcess): number {
  const kb = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return Math.round(kb / 1_024);
}
