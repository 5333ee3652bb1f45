import { readdirSync, readFileSync } from 'node:fs';

/** A process for good: its pid may be used again, but not with the same start. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks from the machine's boot to its start, as text: field 22 of /proc/<pid>/stat. */
  readonly start: string;
}

export interface ProcessFacts extends ProcessId {
  readonly parent: number;
  /** Pid of the leader of its session. */
  readonly session: number;
}

/** Ticks per second of what /proc tells, the same on every Linux. */
const TICKS_PER_SECOND = 100;

/** The machine's processes, read from /proc. Reads of it never wait for a disk, so they are synchronous. */
export class ProcessTable {
  private boot: string | null = null;

  constructor(private readonly root = '/proc') {}

  /** Another one after each start of the machine: pids and starts of an earlier one mean nothing. */
  bootId(): string {
    this.boot ??= readFileSync(`${this.root}/sys/kernel/random/boot_id`, 'utf8').trim();
    return this.boot;
  }

  /** Whether this machine shows what is asked of it. */
  isReadable(): boolean {
    return this.read(process.pid) !== null && this.text(`${process.pid}/environ`) !== null;
  }

  /** Null when there is none, or when it is dead and only waits to be reaped. */
  read(pid: number): ProcessFacts | null {
    const text = this.text(`${pid}/stat`);
    return text === null ? null : parseStat(text);
  }

  isAlive({ pid, start }: ProcessId): boolean {
    return this.read(pid)?.start === start;
  }

  all(): readonly ProcessFacts[] {
    return readdirSync(this.root)
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => this.read(Number(name)) ?? []);
  }

  /** A variable of the environment that the process was started with; null where it may not be read. */
  variable(pid: number, name: string): string | null {
    const entry = this.text(`${pid}/environ`)
      ?.split('\0')
      .find((text) => text.startsWith(`${name}=`));
    return entry?.slice(name.length + 1) ?? null;
  }

  /** How long a process has run, ms, to a hundredth of a second; suspended time counts. */
  ageMs({ start }: ProcessId): number {
    const uptime = Number(this.text('uptime')?.split(' ', 1)[0] ?? 0);
    return uptime * 1_000 - (Number(start) * 1_000) / TICKS_PER_SECOND;
  }

  private text(path: string): string | null {
    try {
      return readFileSync(`${this.root}/${path}`, 'utf8');
    } catch {
      // It ended between two looks, or belongs to another user.
      return null;
    }
  }
}

/** Reads a line of /proc/<pid>/stat; the name in parentheses may hold anything, parentheses and spaces too. */
export function parseStat(text: string): ProcessFacts | null {
  const pid = Number.parseInt(text, 10);
  const [state, parent, , session, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const start = rest[15];
  if (!Number.isInteger(pid) || start === undefined || state === 'Z' || state === 'X') return null;
  return { pid, start, parent: Number(parent), session: Number(session) };
}
