/** Bytes that were sent, by number, so that whoever comes back gets what it missed; of all of them the last `most`. */
export class Replay {
  private pieces: Uint8Array[] = [];
  private begin = 0;
  private end = 0;

  constructor(private readonly most = Infinity) {}

  /** The number of the first byte that is kept, and of the next that will be sent. */
  get from(): number {
    return this.begin;
  }

  get next(): number {
    return this.end;
  }

  /** The oldest bytes go once there are more than may be kept. */
  push(bytes: Uint8Array): void {
    this.pieces.push(bytes);
    this.end += bytes.length;
    for (let first = this.pieces[0]; first && this.end - this.begin > this.most; first = this.pieces[0]) {
      this.pieces.shift();
      this.begin += first.length;
    }
  }

  /** All before this number has arrived. */
  forget(at: number): void {
    for (let first = this.pieces[0]; first && this.begin + first.length <= at; first = this.pieces[0]) {
      this.pieces.shift();
      this.begin += first.length;
    }
  }

  /** What is kept from this number on, in pieces with the number of each. */
  *since(at: number): Iterable<{ readonly at: number; readonly bytes: Uint8Array }> {
    let start = this.begin;
    for (const piece of this.pieces) {
      const skip = Math.max(0, at - start);
      if (skip < piece.length) yield { at: start + skip, bytes: piece.subarray(skip) };
      start += piece.length;
    }
  }
}
