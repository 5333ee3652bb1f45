import type { BaseRow } from './base-row.js';

/** The labels of one thing. id is `<kind>/<id of the thing>`; one that is gone has none, whatever this row says. */
export interface LabelsRow extends BaseRow {
  /** A kind of row that people name: space, template ... */
  readonly kind: string;
  readonly subjectId: string;
  readonly labels: Readonly<Record<string, string>>;
}
