import { readFileSync } from 'node:fs';

/** USER_HZ: fixed by the kernel's interface. */
const TICKS_PER_SECOND = 100;

export interface Memory {
  /** Bytes, pages of the program's own file and of libraries included. */
  readonly rss: number;
  /** Of these, what is the process's own. */
  readonly own: number;
}

/** User and system time of all threads since its start, seconds; steps of 10 ms. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces; state is the first field behind it, utime the 12th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? NaN) * 1024;
  return { rss: bytes('VmRSS'), own: bytes('RssAnon') };
}
