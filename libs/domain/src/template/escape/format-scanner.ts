import type { Literal, Taint } from '../values/value.js';

/** A value on its way into the text. */
export interface Insertion {
  readonly text: string;
  readonly taint: Taint;
  readonly literal: Literal | undefined;
  /** It is a number, true or false: no text that could be taken for one. */
  readonly typed: boolean;
  /** Offset of its action in the template. */
  readonly at: number;
}

/**
 * Follows the text that goes out, to know at each insertion whether it stands in a string, a comment, a block or outside of
 * all, and writes the value so that it stays one value there. What either method yields goes out next, and nothing else.
 */
export interface FormatScanner {
  /** Literal text of the template. May come back with a guard before it, never changed itself. */
  follow(text: string): string;
  /** @throws RefusedInsertion when there is no way to write the value at this place */
  insert(insertion: Insertion): string;
  /** The end of the text: what was held back, and the last checks. @throws RefusedInsertion */
  finish(): string;
}

/** A value cannot stand where the template puts it. `problem` completes "the value of .user.email ...", without showing it. */
export class RefusedInsertion extends Error {
  override readonly name = 'RefusedInsertion';

  constructor(
    readonly insertion: Insertion,
    readonly problem: string,
    readonly hint: string,
  ) {
    super(problem);
  }
}

export const isUser = (insertion: Insertion): boolean => insertion.taint.trust === 'user';
