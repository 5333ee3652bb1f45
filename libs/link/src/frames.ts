import { KnotError } from '@knot/shared/errors';

/** A message as it goes through a stream of bytes: its length in four bytes before it. */
export function frameOf(message: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(message.length);
  return Buffer.concat([head, message]);
}

/** Cuts a stream of bytes into the messages that `frameOf` put into it. */
export class FrameReader {
  private waiting = Buffer.alloc(0);

  constructor(private readonly longest: number) {}

  /** The messages that are complete now. Throws `input.too_large` for one that is longer than it may be. */
  take(chunk: Uint8Array): readonly Buffer[] {
    this.waiting = Buffer.concat([this.waiting, chunk]);
    const messages: Buffer[] = [];
    let at = 0;
    while (this.waiting.length - at >= 4) {
      const length = this.waiting.readUInt32BE(at);
      if (length > this.longest) throw new KnotError('input.too_large', `A message has ${length} bytes.`);
      if (this.waiting.length - at - 4 < length) break;
      messages.push(this.waiting.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    this.waiting = this.waiting.subarray(at);
    return messages;
  }
}
