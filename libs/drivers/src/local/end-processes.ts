import { KnotError } from '@knot/shared/errors';
import { pause, type DriverClock } from '../clock.js';
import type { StopRule } from './local-job.js';
import type { ProcessId, ProcessTable } from './processes.js';

/** How long after SIGKILL a process may still be there, ms; longer only when it hangs in the kernel. */
const KILL_PATIENCE_MS = 10_000;

export interface Ending {
  readonly table: ProcessTable;
  readonly clock: DriverClock;
  readonly stop: StopRule;
  /** Who is to end, looked up again and again: a process may fork while its end is asked for. */
  readonly find: () => readonly ProcessId[];
}

/** Asks every process to end, kills what is left after the grace, and returns when none is left. */
export async function endProcesses({ table, clock, stop, find }: Ending): Promise<void> {
  const asked = new Map<string, ProcessId>();
  const begun = clock.monotonic();
  const never = new AbortController().signal;
  for (let round = 0; ; round += 1) {
    const found = find();
    // Those that hid after they were asked are still known by pid and start.
    const hidden = [...asked.values()].filter((id) => !found.some(({ pid }) => pid === id.pid) && table.isAlive(id));
    const left = [...found, ...hidden];
    if (left.length === 0) return;
    const elapsed = clock.monotonic() - begun;
    if (elapsed > stop.graceMs + KILL_PATIENCE_MS) throw cannotEnd(left);
    for (const id of left) {
      if (elapsed >= stop.graceMs) send(table, id, 'SIGKILL');
      else if (!asked.has(keyOf(id))) {
        send(table, id, stop.signal);
        send(table, id, 'SIGCONT');
      }
      asked.set(keyOf(id), { pid: id.pid, start: id.start });
    }
    await pause(clock, Math.min(250, 10 * 2 ** round), never);
  }
}

function keyOf({ pid, start }: ProcessId): string {
  return `${pid}.${start}`;
}

function send(table: ProcessTable, id: ProcessId, signal: NodeJS.Signals): void {
  if (!table.isAlive(id)) return;
  try {
    process.kill(id.pid, signal);
  } catch {
    // It ended meanwhile, or is another user's; what is left after the grace is told by pid.
  }
}

function cannotEnd(left: readonly ProcessId[]): KnotError {
  const pids = left.map(({ pid }) => pid).join(', ');
  return new KnotError(
    'backend.unavailable',
    `These processes of the space do not end, not even by SIGKILL: ${pids}.`,
    'They hang in the kernel or belong to another user; look at them on the machine.',
  );
}
