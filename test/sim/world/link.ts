import type { Chance } from './chance.js';

export type Cut = 'none' | 'refused' | 'half-open';

/** The network between one leaf and the origins, as it is at present. */
export class Link {
  /** The origin that it leads to, until something on it breaks: then whatever stands before them chooses anew. */
  origin: number | null = null;
  cut: Cut = 'none';
  /** Of a message to be lost with its connection. */
  loss = 0;
  /** Of a request to be served once more later. */
  duplication = 0;
  /** ms each way; drawn anew for each message, so that calls overtake one another. */
  delay: readonly [least: number, most: number] = [1, 4];
  private readonly breaks = new Set<() => void>();

  constructor(private readonly chance: Chance) {}

  heal(): void {
    Object.assign(this, { cut: 'none', loss: 0, duplication: 0, delay: [1, 4] });
  }

  latency(): number {
    return this.chance.between(...this.delay);
  }

  loses(): boolean {
    return this.chance.hits(this.loss);
  }

  repeats(): boolean {
    return this.chance.hits(this.duplication);
  }

  /** Which of those that serve a connection ends at. */
  choose<T extends { readonly number: number }>(serving: readonly T[]): T | null {
    const known = serving.find(({ number }) => number === this.origin);
    const chosen = known ?? (serving.length > 1 ? this.chance.pick(serving) : (serving[0] ?? null));
    this.origin = chosen?.number ?? null;
    return chosen;
  }

  /** Breaks what is open. */
  reset(): void {
    for (const broken of [...this.breaks]) broken();
  }

  /** Called when the connection breaks, until the returned function is. */
  onReset(broken: () => void): () => void {
    this.breaks.add(broken);
    return () => this.breaks.delete(broken);
  }
}
