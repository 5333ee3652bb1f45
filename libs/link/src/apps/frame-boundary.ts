const CLOSE = 8;

/** Follows the frames of a WebSocket in one direction without keeping them: where one ends, another may be put in. */
export class FrameBoundary {
  /** The head of the frame that has begun, as far as it is here. */
  private head = Buffer.alloc(0);
  private payload = 0;
  /** Whether a farewell went by: after it nothing may follow. */
  sawClose = false;

  get between(): boolean {
    return this.head.length === 0 && this.payload === 0;
  }

  take(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.payload > 0) {
        const passed = Math.min(this.payload, chunk.length - at);
        this.payload -= passed;
        at += passed;
        continue;
      }
      this.head = Buffer.concat([this.head, chunk.subarray(at, at + 1)]);
      at += 1;
      if (this.head.length === headLength(this.head)) this.begin();
    }
  }

  private begin(): void {
    const { head } = this;
    if (((head[0] ?? 0) & 0x0f) === CLOSE) this.sawClose = true;
    const short = (head[1] ?? 0) & 0x7f;
    this.payload = short < 126 ? short : short === 126 ? head.readUInt16BE(2) : Number(head.readBigUInt64BE(2));
    this.head = Buffer.alloc(0);
  }
}

/** As far as it can be told by what is here. */
function headLength(head: Buffer): number {
  const second = head[1];
  if (second === undefined) return 2;
  const short = second & 0x7f;
  return 2 + (short < 126 ? 0 : short === 126 ? 2 : 8) + (second & 0x80 ? 4 : 0);
}

/** A farewell as a server sends it, which masks nothing. */
export function closeFrame(code: number): Buffer {
  const frame = Buffer.from([0x80 | CLOSE, 2, 0, 0]);
  frame.writeUInt16BE(code, 2);
  return frame;
}
