/** Randomness that a seed decides. Each fork has a stream of its own, so that one part's draws never shift another's. */
export class Chance {
  private a: number;
  private b: number;
  private c: number;
  private d = 1;

  constructor(private readonly seed: string) {
    const hash = hashOf(seed);
    this.a = hash();
    this.b = hash();
    this.c = hash();
    for (let turn = 0; turn < 12; turn++) this.word();
  }

  fork(name: string): Chance {
    return new Chance(`${this.seed}/${name}`);
  }

  /** From 0 up to but not including 1. */
  next(): number {
    return this.word() / 2 ** 32;
  }

  hits(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new RangeError('there is nothing to pick from');
    return item;
  }

  readonly bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => this.word() & 0xff);

  /** sfc32 */
  private word(): number {
    const sum = (((this.a + this.b) | 0) + this.d) | 0;
    this.d = (this.d + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    this.c |= 0;
    return sum >>> 0;
  }
}

/** Words from a text (xmur3). */
function hashOf(text: string): () => number {
  let state = 1_779_033_703 ^ text.length;
  for (const character of text) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 3_432_918_353);
    state = (state << 13) | (state >>> 19);
  }
  return () => {
    state = Math.imul(state ^ (state >>> 16), 2_246_822_507);
    state = Math.imul(state ^ (state >>> 13), 3_266_489_909);
    return (state ^= state >>> 16) >>> 0;
  };
}
