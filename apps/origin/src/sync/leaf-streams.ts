/** How many leaves follow over the network, and how many streams were cut because their reader took nothing. */
export class LeafStreams {
  private following = 0;
  private cut = 0;

  get open(): number {
    return this.following;
  }

  get stuck(): number {
    return this.cut;
  }

  async *counted<T>(stream: AsyncIterable<T>): AsyncGenerator<T> {
    this.following++;
    try {
      yield* stream;
    } finally {
      this.following--;
    }
  }

  noteStuck(): void {
    this.cut++;
  }
}
