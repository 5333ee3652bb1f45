import type { Kind } from '../rows.js';
import type { Commit, Write } from '../store.js';
import { rowCaches, type RowCache, type RowCaches } from './row-cache.js';
import type { RowCodecs } from './row-codec.js';

/** The rows that the store on SQLite keeps at hand, in step with its commits. */
export class HotRows {
  readonly #caches: RowCaches = rowCaches();
  /** Which commit has written each of them last, until that is answered. */
  readonly #writers = new Map<string, Commit>();

  constructor(private readonly codecs: RowCodecs) {}

  of<K extends Kind>(kind: K): RowCache<K> | undefined {
    return this.#caches[kind];
  }

  clear(): void {
    Object.values(this.#caches).forEach((cache) => cache.clear());
  }

  /** Inside the transaction, which is one synchronous section: nothing is read between this and its end. */
  forgetWritten(commit: Commit): void {
    for (const write of commit.writes) {
      const { kind, id } = subjectOf(write);
      const cache = this.#caches[kind];
      if (cache === undefined) continue;
      cache.forget(id);
      this.#writers.set(`${kind} ${id}`, commit);
    }
  }

  /** After the answer. What was written is mostly read next, by the leaf's stream or the next report: it is known already. */
  settle(commit: Commit, stands: boolean): void {
    for (const write of commit.writes) {
      const { kind, id } = subjectOf(write);
      const key = `${kind} ${id}`;
      // of two in one transaction the later one tells
      if (this.#writers.get(key) !== commit) continue;
      this.#writers.delete(key);
      const expected = commit.expect.find((one) => one.kind === kind && one.id === id);
      if (stands && 'put' in write && expected !== undefined) this.#keep(kind, write.row, expected.version + 1);
    }
  }

  #keep<K extends Kind>(kind: K, row: object, version: number): void {
    const cache: RowCache<K> | undefined = this.#caches[kind];
    cache?.keep(this.codecs[kind].written(row, version));
  }
}

function subjectOf(write: Write): { readonly kind: Kind; readonly id: string } {
  return 'put' in write ? { kind: write.put, id: write.row.id } : { kind: write.delete, id: write.id };
}
