import { basename } from 'node:path';
import type { CommandContext } from '../command-context.js';
import { plain } from '../output.js';

const EVERY_MS = 200;
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
/** What follows the name: `  42 %  430 MB of 1.1 GB  35 MB/s`, at its longest. */
const FIGURES = 38;

/** How far a copy is, on one line of a person's terminal that is written over; nothing where nobody reads it. */
export class CopyProgress {
  private path = '';
  private since = 0;
  private shownAt = -Infinity;
  private shown = false;

  constructor(private readonly context: Pick<CommandContext, 'stderr' | 'screen' | 'clock'>) {}

  /** So many bytes of a file are there. */
  step(path: string, done: number, size: number): void {
    const { stderr, screen, clock } = this.context;
    if (!screen.isRead) return;
    const now = clock.monotonic();
    if (path !== this.path) [this.path, this.since] = [path, now];
    if (done < size && now - this.shownAt < EVERY_MS) return;
    this.shownAt = now;
    this.shown = true;
    const part = size === 0 ? 100 : Math.floor((done / size) * 100);
    const seconds = (now - this.since) / 1000;
    const pace = seconds < 1 ? '' : `  ${sizeText(done / seconds)}/s`;
    const width = Math.max(8, Math.min(40, screen.size().cols - FIGURES - 1));
    const name = plain(basename(path)).slice(0, width).padEnd(width);
    const figures = `${String(part).padStart(5)} %  ${sizeText(done)} of ${sizeText(size)}${pace}`;
    stderr.write(`\r${name}${figures.padEnd(FIGURES)}`);
  }

  /** What is written next has a line of its own. */
  end(): void {
    if (this.shown) this.context.stderr.write('\n');
    this.shown = false;
  }
}

/** `430 MB`, `1.1 GB`; 1 kB are 1,000 bytes. */
function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}
