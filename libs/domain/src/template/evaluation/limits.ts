import { LimitError } from '../values/limit-error.js';

/** Bounds on one rendering, so that no template can take the process down. */
export interface TemplateLimits {
  /** Bytes of UTF-8 of the template itself. */
  readonly textBytes: number;
  /** Bytes of UTF-8 of what comes out. */
  readonly outputBytes: number;
  /** Rounds of all `range` together. */
  readonly iterations: number;
  /** Statements and function calls. */
  readonly steps: number;
  /** Characters that functions may read and write in all. */
  readonly work: number;
  /** How deep templates may call one another and blocks may nest at run time. */
  readonly depth: number;
  /** Characters of one text, and items of one list. */
  readonly valueCharacters: number;
  readonly listItems: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: TemplateLimits = {
  textBytes: 10 * MIB,
  outputBytes: 20 * MIB,
  iterations: 100_000,
  steps: 1_000_000,
  work: 64 * MIB,
  depth: 200,
  valueCharacters: 20 * MIB,
  listItems: 100_000,
};

/** Bytes of a text in UTF-8, without making them. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // A surrogate pair is two units and four bytes: one more for each unit. Everything else above 7ff is three bytes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}

/** Counts what a rendering has used up. Its errors are LimitErrors; who calls knows the place in the template. */
export class Budget {
  private iterations = 0;
  private steps = 0;
  private work = 0;
  private output = 0;

  constructor(readonly limits: TemplateLimits) {}

  iterate(): void {
    this.iterations += 1;
    if (this.iterations > this.limits.iterations) {
      throw new LimitError(`the loops run more than ${this.limits.iterations} rounds`);
    }
  }

  step(): void {
    this.steps += 1;
    if (this.steps > this.limits.steps) throw new LimitError(`the template takes more than ${this.limits.steps} steps`);
  }

  spend(characters: number): void {
    this.work += characters;
    if (this.work > this.limits.work)
      throw new LimitError('the functions of the template have too much text to work on');
  }

  write(text: string): void {
    this.output += utf8Length(text);
    if (this.output > this.limits.outputBytes) {
      throw new LimitError(`the result is larger than ${this.limits.outputBytes} bytes`);
    }
  }
}
