import type { Kind, Rows } from '../rows.js';
import { Recent } from './recent.js';

/** Rows of one kind as they were last read or written, and what is known not to be there. Nobody can change what is kept. */
export class RowCache<K extends Kind> {
  readonly #rows: Recent<Rows[K] | null>;

  /** `keepsMissing`: only where nobody can ask for names that he makes up. */
  constructor(
    most: number,
    private readonly keepsMissing = false,
  ) {
    this.#rows = new Recent(most);
  }

  /** Undefined where nothing is known of it, null where there is none. */
  get(id: string): Rows[K] | null | undefined {
    return this.#rows.get(id);
  }

  keep(row: Rows[K]): void {
    this.#rows.put(row.id, frozen(row));
  }

  keepMissing(id: string): void {
    if (this.keepsMissing) this.#rows.put(id, null);
  }

  forget(id: string): void {
    this.#rows.forget(id);
  }

  clear(): void {
    this.#rows.clear();
  }
}

export type RowCaches = { readonly [K in Kind]?: RowCache<K> };

/** Of the kinds of which every request, report and start reads the same few. A version of a template may be large. */
export function rowCaches(): RowCaches {
  return {
    user: new RowCache(128),
    token: new RowCache(128),
    session: new RowCache(128),
    group: new RowCache(64),
    role: new RowCache(32),
    template: new RowCache(64),
    templateVersion: new RowCache(16),
    location: new RowCache(64),
    locationStatus: new RowCache(64),
    lease: new RowCache(64),
    leafCredential: new RowCache(64),
    space: new RowCache(256),
    guard: new RowCache(64, true),
  };
}

/** With all that it holds. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
