import type { Row } from './figures.js';

export interface BenchResult {
  readonly name: string;
  readonly rows: readonly Row[];
  /** What each round gave, for the JSON. */
  readonly rounds: readonly object[];
}
