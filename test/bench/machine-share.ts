import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** USER_HZ: fixed by the kernel's interface. */
const TICKS_PER_SECOND = 100;
/** Cores that others may keep busy for a round to begin. */
const QUIET = 0.25;
const LOOK_MS = 3_000;
const PATIENCE_MS = 45_000;

/** Seconds that all cores together have worked, whoever for. */
function allSeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = readFileSync('/proc/stat', 'utf8')
    .slice('cpu'.length, 200)
    .trim()
    .split(/\s+/)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

/** Seconds that this process and all it has started have worked: Nomad, origin and leaf. */
function ownSeconds(): number {
  const processes = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [, parent, utime, stime] = [0, 1, 11, 12].map((at) => Number(fields[at]));
      processes.set(Number(name), { parent: parent ?? 0, ticks: (utime ?? 0) + (stime ?? 0) });
    } catch {
      // It ended meanwhile.
    }
  }
  const isOurs = (pid: number): boolean => {
    const parent = processes.get(pid)?.parent ?? 0;
    return pid === process.pid || (parent > 1 && isOurs(parent));
  };
  let ticks = 0;
  for (const [pid, one] of processes) if (isOurs(pid)) ticks += one.ticks;
  return ticks / TICKS_PER_SECOND;
}

/** How many cores others keep busy while `work` runs: a figure is worth as little as this is high. */
export async function withOthers<T>(work: () => Promise<T>): Promise<{ result: T; others: number }> {
  const look = () => ({ at: performance.now(), foreign: allSeconds() - ownSeconds() });
  const before = look();
  const result = await work();
  const after = look();
  return { result, others: ((after.foreign - before.foreign) / (after.at - before.at)) * 1_000 };
}

/** Waits until others leave the machine alone, at most 45 s: a round beside a compiler says nothing. */
export async function quietMachine(): Promise<void> {
  for (const end = performance.now() + PATIENCE_MS; performance.now() < end;) {
    const { others } = await withOthers(() => sleep(LOOK_MS));
    if (others < QUIET) return;
  }
}
