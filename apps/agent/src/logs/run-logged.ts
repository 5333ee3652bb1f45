import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Shell } from '../terminal/shell.js';

/** A line that does not end is told in pieces of so many characters. */
const LONGEST_LINE = 16 * 1024;
const LEFT_OPEN_MS = 1_000;
/** From the word to end until it is ended. */
const GRACE_MS = 5_000;
/** What a shell says of a program that is not there. */
const NOT_THERE = 127;

export interface Logged {
  readonly program: string;
  readonly args: readonly string[];
  /** Where and with what it runs. */
  readonly shell: Pick<Shell, 'folder' | 'env'>;
  /** Each line that it prints, without its end. */
  readonly onLine: (line: string) => void;
  /** Between being told to end and being ended, 5 s unless given, ms. */
  readonly graceMs?: number;
}

/**
 * Runs a program until it ends, and gives its code: 128 and the number of the signal that ended it. By the signal of the
 * caller it is told to end, with all that it has started, and ended where it does not.
 */
export function runLogged(
  { program, args, shell, onLine, graceMs = GRACE_MS }: Logged,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve) => {
    const options = { cwd: shell.folder, env: { ...shell.env }, detached: true } as const;
    const child = spawn(program, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = (by: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, by);
      } catch {
        // it has ended
      }
    };
    let late: NodeJS.Timeout | undefined;
    const end = () => {
      kill('SIGTERM');
      late = setTimeout(() => kill('SIGKILL'), graceMs);
    };
    signal.addEventListener('abort', end, { once: true });
    const done = (code: number) => {
      clearTimeout(late);
      signal.removeEventListener('abort', end);
      resolve(code);
    };
    readLines(child.stdout, onLine);
    readLines(child.stderr, onLine);
    child.once('error', (error) => {
      onLine(error.message);
      done(NOT_THERE);
    });
    child.once('exit', (code, by) => {
      const ended = code ?? 128 + (by === null ? 0 : constants.signals[by]);
      child.once('close', () => done(ended));
      // a program that it left behind holds its output open
      setTimeout(() => done(ended), LEFT_OPEN_MS);
    });
  });
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let waiting = '';
  stream.setEncoding('utf8');
  stream.on('error', () => undefined);
  stream.on('data', (chunk: string) => {
    const lines = (waiting + chunk).split(/\r?\n/);
    waiting = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (waiting.length > LONGEST_LINE) {
      onLine(waiting);
      waiting = '';
    }
  });
  stream.once('end', () => waiting !== '' && onLine(waiting));
}
