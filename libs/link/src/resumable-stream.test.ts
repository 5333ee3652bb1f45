import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { ResumableStream, type Carrier } from './resumable-stream.js';

/** What is under way from one end to the other, message by message; cut, it is lost. */
class Wire {
  private readonly waiting: ((to: ResumableStream) => void)[] = [];
  isCut = false;

  readonly carrier: Carrier = {
    data: (at, bytes) => this.waiting.push((to) => to.gotData(at, bytes)),
    ack: (at) => this.waiting.push((to) => to.gotAck(at)),
    end: (at) => this.waiting.push((to) => to.gotEnd(at)),
    close: () => (this.isCut = true),
  };

  deliver(to: ResumableStream, most: number): void {
    if (this.isCut) return;
    for (const message of this.waiting.splice(0, most)) message(to);
  }

  get isEmpty(): boolean {
    return this.isCut || this.waiting.length === 0;
  }
}

class Pair {
  readonly ends = [new ResumableStream(), new ResumableStream()] as const;
  readonly got: [Buffer[], Buffer[]] = [[], []];
  private wires: readonly [Wire, Wire] = [new Wire(), new Wire()];

  constructor() {
    this.ends.forEach((end, index) => end.on('data', (chunk: Buffer) => this.got[index === 0 ? 0 : 1].push(chunk)));
    this.connect();
  }

  connect(): void {
    const [a, b] = this.ends;
    const before = this.wires;
    const wires = [new Wire(), new Wire()] as const;
    this.wires = wires;
    for (const wire of before) wire.isCut = true;
    const [ofA, ofB] = [a.received, b.received];
    if (!a.destroyed) a.attach(wires[0].carrier, ofB);
    if (!b.destroyed) b.attach(wires[1].carrier, ofA);
  }

  cut(): void {
    const [a, b] = this.ends;
    const [fromA, fromB] = this.wires;
    fromA.isCut = true;
    fromB.isCut = true;
    a.detach(fromA.carrier);
    b.detach(fromB.carrier);
  }

  deliver(most: number): void {
    this.wires[0].deliver(this.ends[1], most);
    this.wires[1].deliver(this.ends[0], most);
  }

  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      this.deliver(100);
      await new Promise(setImmediate);
      quiet = this.wires.every((wire) => wire.isEmpty) ? quiet + 1 : 0;
    }
  }
}

const step = fc.oneof(
  fc.record({ do: fc.constant('write' as const), end: fc.constantFrom(0, 1), size: fc.nat(200_000) }),
  fc.record({ do: fc.constant('deliver' as const), most: fc.nat(5) }),
  fc.record({ do: fc.constant('cut' as const) }),
  fc.record({ do: fc.constant('connect' as const) }),
);

describe('a stream that outlives its connections', () => {
  test.prop([fc.array(step, { maxLength: 40 })], { numRuns: 60 })(
    'brings each byte once and in order, and its end, however often it is cut',
    async (steps) => {
      const pair = new Pair();
      const wrote: [Buffer[], Buffer[]] = [[], []];
      let next = 0;
      for (const one of steps) {
        switch (one.do) {
          case 'write': {
            const bytes = Buffer.alloc(one.size, (next += 1) % 251);
            wrote[one.end === 0 ? 0 : 1].push(bytes);
            pair.ends[one.end === 0 ? 0 : 1].write(bytes);
            break;
          }
          case 'deliver':
            pair.deliver(one.most);
            break;
          case 'cut':
            pair.cut();
            break;
          case 'connect':
            pair.connect();
        }
        await new Promise(setImmediate);
      }
      for (const end of pair.ends) end.end();
      pair.connect();
      await pair.settle();
      // where the very last word was lost, it is said again
      pair.connect();
      await pair.settle();
      expect(Buffer.concat(pair.got[1]).equals(Buffer.concat(wrote[0]))).toBe(true);
      expect(Buffer.concat(pair.got[0]).equals(Buffer.concat(wrote[1]))).toBe(true);
      expect(pair.ends.map((end) => end.readableEnded && end.writableFinished)).toEqual([true, true]);
    },
  );

  it('makes whoever writes wait while more than 4 MiB have not arrived', async () => {
    const end = new ResumableStream();
    let done = 0;
    for (let n = 0; n < 8; n += 1) end.write(Buffer.alloc(1024 * 1024), () => (done += 1));
    await new Promise(setImmediate);
    expect(done).toBe(4);
    end.gotAck(3 * 1024 * 1024);
    await new Promise(setImmediate);
    expect(done).toBe(7);
  });

  it('is not taken up by one that says it has what was never sent', () => {
    const { carrier } = new Wire();
    expect(() => new ResumableStream().attach(carrier, 5)).toThrow(RangeError);
  });
});
