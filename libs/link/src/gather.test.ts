import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { gather } from './gather.js';

const PIECES = 1_000;

it('what comes in one turn goes as few writes, in order, none of it lost or doubled, and no faster than it is taken', async () => {
  const source = new PassThrough();
  const taken: Buffer[] = [];
  let writes = 0;
  const socket = new Writable({
    highWaterMark: 4_096,
    write(chunk: Buffer, _encoding, done) {
      writes += 1;
      taken.push(chunk);
      setImmediate(done);
    },
    writev(chunks, done) {
      writes += 1;
      for (const { chunk } of chunks) taken.push(Buffer.from(chunk));
      setImmediate(done);
    },
  });
  gather(source, socket);
  const over = pipeline(source, socket);
  const sent = Array.from({ length: PIECES }, (_, number) => Buffer.alloc(100, number));
  for (const piece of sent) source.write(piece);
  source.end();
  await over;
  expect(Buffer.concat(taken).equals(Buffer.concat(sent))).toBe(true);
  expect(writes).toBeLessThan(PIECES / 10);
});
