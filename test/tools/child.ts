import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { eventually } from './eventually.js';

/** How much of a child's output is kept, in characters: its end. */
const KEPT = 4_000_000;

/** Ends the child by the kernel when the thread that started it ends, however that ends. */
const TETHER = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--'] : [];

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface ChildOptions {
  cwd?: string;
  /** The whole environment; that of this process unless given. */
  env?: NodeJS.ProcessEnv;
}

/** A process started by a test, known by its id, that does not outlive the test's process. */
export interface Child {
  readonly pid: number;
  /** What it printed on stdout and stderr so far, in the order of arrival. */
  output(): string;
  /** Resolves when it has ended. */
  readonly exited: Promise<Exit>;
  isRunning(): boolean;
  /** Sends a signal; nothing happens when it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
  /** Waits for a line that matches (in all that was printed since the start, or since `from` characters) and returns it. */
  waitForLine(pattern: RegExp, options?: { timeout?: number; from?: number }): Promise<string>;
}

export async function startChild(command: string, args: string[], options: ChildOptions = {}): Promise<Child> {
  const [program = command, ...rest] = [...TETHER, command, ...args];
  const child = spawn(program, rest, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-KEPT));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let running = true;
  const exited = new Promise<Exit>((resolve) => {
    child.on('close', (code, signal) => {
      running = false;
      resolve({ code, signal });
    });
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => (child.pid === undefined ? reject(new Error('no process id')) : resolve(child.pid)));
  });
  const signal = (name: NodeJS.Signals) => {
    if (running) child.kill(name);
  };

  return {
    pid,
    exited,
    signal,
    output: () => output,
    isRunning: () => running,
    async kill() {
      signal('SIGKILL');
      await exited;
    },
    async waitForLine(pattern, { timeout = 20_000, from = 0 } = {}) {
      const find = () =>
        output
          .slice(from)
          .split('\n')
          .find((line) => pattern.test(line));
      const found = await eventually(
        () => find() ?? (running ? undefined : 'ended'),
        (value) => value !== undefined,
        { timeout, interval: 25, what: `a line ${pattern} of ${command}` },
      ).catch((error: unknown) => {
        throw new Error(`${String(error)}\nIt printed:\n${output.slice(-5_000)}`);
      });
      const line = find();
      if (line !== undefined) return line;
      throw new Error(`${command} ${found ?? ''} before a line ${pattern} came. It printed:\n${output.slice(-5_000)}`);
    },
  };
}

/** The ids of a process's direct children; none when it is gone. */
export function childrenOf(pid: number): number[] {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return list === '' ? [] : list.split(' ').map(Number);
  } catch {
    return [];
  }
}
