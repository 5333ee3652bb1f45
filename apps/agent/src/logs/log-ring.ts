import type { LogLine } from '@knot/contract';

const MOST_LINES = 5_000;
const MOST_CHARACTERS = 2 * 1024 * 1024;
const LONGEST_TEXT = 16 * 1024;

/** What was said last in a space, bounded in lines and in characters: the oldest goes first. */
export class LogRing {
  private lines: LogLine[] = [];
  private characters = 0;
  /** Number of the oldest line that is kept; the first ever is 0. */
  private first = 0;
  private readonly followers = new Set<() => void>();

  constructor(private readonly now: () => number) {}

  add(line: Omit<LogLine, 'at'>): void {
    const text = line.text.length > LONGEST_TEXT ? `${line.text.slice(0, LONGEST_TEXT)} ...` : line.text;
    this.lines.push({ ...line, service: line.service.slice(0, 64), text, at: this.now() });
    this.characters += text.length;
    while (this.lines.length > MOST_LINES || this.characters > MOST_CHARACTERS) {
      this.characters -= this.lines.shift()?.text.length ?? 0;
      this.first += 1;
    }
    for (const follower of this.followers) follower();
  }

  /** Number that the next line will have. */
  get end(): number {
    return this.first + this.lines.length;
  }

  /** The line of this number or, where that is gone, the oldest; null where it is not there yet. */
  from(number: number): { readonly number: number; readonly line: LogLine } | null {
    const at = Math.max(number, this.first);
    const line = this.lines[at - this.first];
    return line ? { number: at, line } : null;
  }

  /** Tells of each new line until the answer is called. */
  follow(onLine: () => void): () => void {
    this.followers.add(onLine);
    return () => this.followers.delete(onLine);
  }
}
