export interface BaseRow {
  readonly id: string;
  /** Set by the store: 1 for a new row, one more at each put. */
  readonly version: number;
}
