import type { LogLine } from '@knot/contract/log-line';
import { readLogPieces, type LogsAsked } from './read-log-pieces.js';

/** What is kept of the lines: the latest. */
export const MOST_LINES = 2_000;

export interface ShownLine extends LogLine {
  /** No other line of this reader has it. */
  readonly number: number;
}

export interface LogsView {
  readonly lines: readonly ShownLine[];
  /** `away`: what was followed is lost, and tried again. `read`: to its end, nothing comes any more. */
  readonly state: 'reading' | 'following' | 'away' | 'read' | 'failed';
  /** Of `failed`. */
  readonly error: unknown;
}

export const NOTHING_READ: LogsView = { lines: [], state: 'reading', error: null };

/** ms for which lines gather until they are shown. */
const GATHER = 100;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 15_000;
/** The agent says every 20 s that the connection stands; after two that did not come it does not. */
const SILENCE = 45_000;

/** Reads what is said in a space; what is followed is read anew when it is lost, after a growing wait. */
export class LogReader {
  private lines: ShownLine[] = [];
  private count = 0;
  private state: LogsView['state'] = 'reading';
  private error: unknown = null;
  private stopped = false;
  private attempt = new AbortController();
  private wait = FIRST_WAIT;
  private teller: ReturnType<typeof setTimeout> | undefined;
  private waiter: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private heardAt = 0;

  constructor(
    private readonly asked: LogsAsked,
    private readonly onView: (view: LogsView) => void,
    private readonly read = readLogPieces,
  ) {}

  start(): void {
    void this.run();
  }

  /** Not after the wait: the network is back, or somebody looks, after a sleep of the machine perhaps. */
  hurry(): void {
    if (this.waiter !== undefined) {
      clearTimeout(this.waiter);
      void this.run();
    } else if (Date.now() - this.heardAt > SILENCE) {
      this.attempt.abort();
    }
  }

  stop(): void {
    this.stopped = true;
    this.attempt.abort();
    for (const timer of [this.teller, this.waiter, this.watchdog]) clearTimeout(timer);
  }

  private async run(): Promise<void> {
    const { follow } = this.asked;
    this.waiter = undefined;
    this.attempt = new AbortController();
    try {
      await this.readAll(this.attempt.signal);
      this.tell(follow ? 'away' : 'read');
    } catch (error) {
      this.error = error;
      // what never stood is for the reader to try again
      this.tell(follow && this.state !== 'reading' ? 'away' : 'failed');
    }
    clearTimeout(this.watchdog);
    if (this.stopped || this.state !== 'away') return;
    this.waiter = setTimeout(() => void this.run(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  private async readAll(signal: AbortSignal): Promise<void> {
    let isFirst = true;
    this.heard();
    for await (const lines of this.read(this.asked, signal)) {
      if (this.stopped) return;
      this.heard();
      // read from the beginning again: what is shown from before would be there twice
      if (isFirst) this.lines = [];
      isFirst = false;
      this.wait = FIRST_WAIT;
      const numbered = lines.map((line) => ({ ...line, number: (this.count += 1) }));
      this.lines = [...this.lines, ...numbered].slice(-MOST_LINES);
      this.tellSoon();
    }
  }

  private heard(): void {
    this.heardAt = Date.now();
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.attempt.abort(), SILENCE);
  }

  private tellSoon(): void {
    this.teller ??= setTimeout(() => this.tell(this.asked.follow ? 'following' : 'reading'), GATHER);
  }

  private tell(state: LogsView['state']): void {
    clearTimeout(this.teller);
    this.teller = undefined;
    this.state = state;
    if (!this.stopped) this.onView({ lines: this.lines, state, error: this.error });
  }
}
