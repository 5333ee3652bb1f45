import { Duplex } from 'node:stream';
import { Replay } from './replay.js';

/** Bytes that are sent and not acknowledged before whoever writes has to wait. */
const MOST_OWED = 4 * 1024 * 1024;
/** Bytes of one message. */
const PIECE = 64 * 1024;

/** One connection of a resumable stream, as its end sends by it. It may be lost at any moment. */
export interface Carrier {
  data(at: number, bytes: Uint8Array): void;
  ack(at: number): void;
  end(at: number): void;
  close(): void;
}

/**
 * One end of a stream of bytes that outlives its connections: what was sent is kept until the other end has it, and is
 * sent again along the next connection. Nothing is lost or doubled, and no more than 4 MiB are kept.
 */
export class ResumableStream extends Duplex {
  private readonly sent = new Replay();
  private carrier: Carrier | null = null;
  private got = 0;
  private acknowledged = 0;
  private ended = false;
  private waiting: (() => void) | null = null;
  private finishing: (() => void) | null = null;

  /** How many bytes have come, for the other end to go on from. */
  get received(): number {
    return this.got;
  }

  get isCarried(): boolean {
    return this.carrier !== null;
  }

  /** A connection has come about; the other end has `theirs` of what this one sent. Throws where that cannot be. */
  attach(carrier: Carrier, theirs: number): void {
    if (theirs < this.sent.from || theirs > this.sent.next + 1) {
      throw new RangeError('The other end is not where this stream was.');
    }
    this.carrier?.close();
    this.carrier = carrier;
    this.gotAck(theirs);
    for (const { at, bytes } of this.sent.since(theirs)) carrier.data(at, bytes);
    if (this.finishing) carrier.end(this.sent.next);
  }

  /** The connection is lost; nothing is done where another one has taken its place. */
  detach(carrier: Carrier): void {
    if (this.carrier === carrier) this.carrier = null;
  }

  gotData(at: number, bytes: Uint8Array): void {
    const skip = this.got - at;
    if (skip < 0 || skip > bytes.length || this.destroyed || this.ended) return;
    const fresh = bytes.subarray(skip);
    this.got += fresh.length;
    if (fresh.length > 0) this.push(fresh);
    this.acknowledge();
  }

  gotAck(at: number): void {
    if (at > this.sent.next + 1) return;
    this.sent.forget(at);
    if (this.owed <= MOST_OWED) call(this.due('waiting'));
    if (at > this.sent.next) call(this.due('finishing'));
  }

  gotEnd(at: number): void {
    if (at !== this.got && !this.ended) return;
    if (!this.ended) {
      this.ended = true;
      this.got += 1;
      this.push(null);
    }
    this.carrier?.ack(this.got);
  }

  override _read(): void {
    this.acknowledge();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    for (let start = 0; start < chunk.length; start += PIECE) {
      const bytes = chunk.subarray(start, start + PIECE);
      const at = this.sent.next;
      this.sent.push(bytes);
      this.carrier?.data(at, bytes);
    }
    if (this.owed > MOST_OWED) this.waiting = done;
    else done();
  }

  /** Done once the other end has everything. */
  override _final(done: () => void): void {
    this.finishing = done;
    this.carrier?.end(this.sent.next);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.carrier?.close();
    this.carrier = null;
    call(this.due('waiting'));
    done(error);
  }

  private get owed(): number {
    return this.sent.next - this.sent.from;
  }

  /** The other end may send on only as what came is taken. */
  private acknowledge(): void {
    const taken = this.got - this.readableLength;
    if (this.ended || taken <= this.acknowledged) return;
    this.acknowledged = taken;
    this.carrier?.ack(taken);
  }

  private due(which: 'waiting' | 'finishing'): (() => void) | null {
    const due = this[which];
    this[which] = null;
    return due;
  }
}

function call(due: (() => void) | null): void {
  due?.();
}
