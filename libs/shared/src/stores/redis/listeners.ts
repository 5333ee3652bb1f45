import type { StreamName } from '../store.js';

type Listener = (streams: readonly StreamName[]) => void;

/** Those who are woken after a commit. */
export class Listeners {
  readonly #listeners = new Set<Listener>();

  add(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  wake(streams: readonly StreamName[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(streams);
      } catch (error) {
        // The commit stands whatever a listener does; a fault of one must not look like a failed commit.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
