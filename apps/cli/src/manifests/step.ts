import type { Kind } from './manifest.js';

/** What applying one manifest does, decided before anything is done. */
export interface Step {
  readonly kind: Kind;
  readonly name: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  /** The fields that differ from what is there. */
  readonly changes: readonly string[];
  deed(): Promise<void>;
  /** What is left to do once the templates of the same apply are there. */
  readonly later?: () => Promise<void>;
}

/** The names of the fields that are not the same in both. */
export function differences(
  wanted: Readonly<Record<string, unknown>>,
  present: Readonly<Record<string, unknown>>,
): string[] {
  return Object.keys(wanted).filter((name) => JSON.stringify(wanted[name]) !== JSON.stringify(present[name]));
}

/** A step that changes what is there, or leaves it where nothing differs. */
export function stepTo(
  { kind, name }: Pick<Step, 'kind' | 'name'>,
  changes: readonly string[],
  deed: () => Promise<void>,
): Step {
  return changes.length === 0
    ? { kind, name, outcome: 'unchanged', changes, deed: () => Promise.resolve() }
    : { kind, name, outcome: 'updated', changes, deed };
}
