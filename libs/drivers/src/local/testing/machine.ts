import { readdirSync, readFileSync } from 'node:fs';
import type { DriverClock } from '../../clock.js';

/** The machine's own time, for tests with real processes. */
export const machineClock: DriverClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (fire, ms) => setTimeout(fire, ms),
  clearTimeout: (handle) => clearTimeout(Number(handle)),
};

export interface SeenProcess {
  readonly pid: number;
  readonly group: number;
  readonly command: string;
}

/** Living processes whose environment bears this space's id, seen without any code of the driver. */
export function processesOf(space: string): readonly SeenProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const environ = readFileSync(`/proc/${name}/environ`, 'utf8');
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
        if (!environ.includes(`KNOT_SPACEID=${space}\0`) || stat[0] === 'Z') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ pid: Number(name), group: Number(stat[2]), command }];
      } catch {
        return [];
      }
    });
}

/** How many sessions' first scripts run for the space: its instances. */
export function instancesOf(space: string): number {
  return processesOf(space).filter(({ command }) => command.includes('/launch.sh ')).length;
}
