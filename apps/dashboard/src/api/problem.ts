import type { components } from '@knot/contract';

export type Problem = components['schemas']['Problem'];

/** What the server said when it did not do what was asked; `detail` and `hint` are sentences for the user. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly problem: Problem,
    /** Further members: facts for programs. */
    readonly facts: Readonly<Record<string, unknown>>,
    /** Whose sentences these are: the server speaks English, the page its own language. */
    readonly words: 'server' | 'page' = 'server',
  ) {
    super(problem.detail);
  }

  get code(): string {
    return this.problem.code;
  }
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof ApiProblem && codes.includes(error.code);
}

/** What the server wants besides, where it says so: `totp` is a one-time code. */
export function reasonOf(error: unknown): string {
  const reason = error instanceof ApiProblem ? error.facts['reason'] : undefined;
  return typeof reason === 'string' ? reason : '';
}

/** A place in a text that the server found fault with, counted from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
  readonly text: 'job' | 'volumes';
}

export function placeOf(error: unknown): TextPlace | null {
  if (!(error instanceof ApiProblem)) return null;
  const { line, column } = error.facts;
  if (typeof line !== 'number' || line < 1) return null;
  const text = error.facts['text'] === 'volumes' ? 'volumes' : 'job';
  return { line, column: typeof column === 'number' && column > 0 ? column : 1, text };
}
