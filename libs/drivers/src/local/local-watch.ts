import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scope, Workload } from '@knot/domain';
import { pause, type DriverClock } from '../clock.js';
import type { LocalLooks } from './local-looks.js';
import type { LocalSpaces } from './local-spaces.js';
import { boundLog } from './log-file.js';
import type { ProcessId, ProcessTable } from './processes.js';

/** A steady space is looked at whole once in so many rounds; in the others only whether it lives. */
const ROUNDS_BETWEEN_LOOKS = 5;
/** A draft that is older was left by a process that died, ms. */
const OLDEST_DRAFT_MS = 3_600_000;

interface Known {
  /** What the last whole look showed; another one is worth a hint. */
  readonly seen: string;
  /** The process whose life is all that is looked at while the space is steady; null when it is not. */
  readonly steady: ProcessId | null;
}

export interface LocalWatchOptions {
  readonly root: string;
  readonly scope: Scope;
  readonly clock: DriverClock;
  readonly table: ProcessTable;
  readonly spaces: LocalSpaces;
  readonly looks: LocalLooks;
  readonly pollMs: number;
}

/** One timer for all spaces: sees what comes, dies, changes and goes, and keeps logs and left-overs small. */
export class LocalWatch {
  private readonly known = new Map<string, Known>();
  private round = 0;

  constructor(private readonly options: LocalWatchOptions) {}

  async run(hint: (space: string | null) => void, signal: AbortSignal): Promise<void> {
    const { clock, pollMs } = this.options;
    await this.sweep();
    // The first round only learns: what it finds is covered by the word to list.
    await this.look(() => undefined, signal);
    if (!signal.aborted) hint(null);
    while (!signal.aborted) {
      await pause(clock, pollMs, signal);
      await this.look((space) => (signal.aborted ? undefined : hint(space)), signal).catch(() => undefined);
    }
  }

  private async look(hint: (space: string) => void, signal: AbortSignal): Promise<void> {
    const { looks } = this.options;
    this.round += 1;
    const there = await looks.spacesOnDisk();
    const gone = new Set(this.known.keys());
    for (const [at, space] of there.entries()) {
      if (signal.aborted) return;
      gone.delete(space);
      if ((this.round + at) % ROUNDS_BETWEEN_LOOKS !== 0 && this.isSteady(space)) continue;
      const known = await this.lookWhole(space, signal);
      if (known.seen !== (this.known.get(space)?.seen ?? '')) hint(space);
      this.known.set(space, known);
    }
    for (const space of gone) {
      if (this.known.get(space)?.seen !== '') hint(space);
      this.known.delete(space);
    }
  }

  private isSteady(space: string): boolean {
    const steady = this.known.get(space)?.steady;
    return steady !== undefined && steady !== null && this.options.table.isAlive(steady);
  }

  private async lookWhole(space: string, signal: AbortSignal): Promise<Known> {
    const { scope, looks, spaces } = this.options;
    const mark = { ...scope, space };
    const workload = await looks.workloadOf(mark, null, signal);
    const folder = spaces.folderOf(mark);
    const run = workload.state === 'present' ? (await folder.runs()).at(-1) : undefined;
    if (run !== undefined) await boundLog(join(folder.runPath(run), 'log'));
    return { seen: signature(workload), steady: steadyProcess(workload) };
  }

  /** Throws away what removals and starts that a crash cut short have left. */
  private async sweep(): Promise<void> {
    const { root, clock } = this.options;
    await rm(join(root, '.trash'), { recursive: true, force: true }).catch(() => undefined);
    const drafts = join(root, '.drafts');
    for (const name of await readdir(drafts).catch(() => [])) {
      const made = await stat(join(drafts, name)).catch(() => null);
      const old = made !== null && clock.now() - made.mtimeMs > OLDEST_DRAFT_MS;
      if (old) await rm(join(drafts, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

/** '' for what is none of ours. */
function signature(workload: Workload): string {
  if (workload.state !== 'present') return '';
  const { health, instance, revision, exitCode } = workload;
  return [health, instance, revision, exitCode].join(' ');
}

function steadyProcess(workload: Workload): ProcessId | null {
  if (workload.state !== 'present' || workload.health !== 'healthy') return null;
  const [pid, start = ''] = workload.instance.split('.');
  return { pid: Number(pid), start };
}
