import type { LeafStore } from '@knot/shared/store';

/** A text on the leaf's own disk, written in the order in which it changed; one that could not be written holds up none after it. */
export class KeptText {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Pick<LeafStore, 'meta' | 'putMeta'>,
    private readonly name: string,
  ) {}

  read(): Promise<string | null> {
    return this.store.meta(this.name);
  }

  write(text: string): Promise<void> {
    const written = this.last.then(() => this.store.putMeta(this.name, text));
    this.last = written.catch(() => undefined);
    return written;
  }
}
