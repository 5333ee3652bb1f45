import type { Chance } from './chance.js';

export type Cut = 'none' | 'refused' | 'half-open';

/** The network between one leaf and the origin, as it is at present. */
export class Link {
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
