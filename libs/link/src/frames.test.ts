import { fc, test } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { FrameReader, frameOf } from './frames.js';

test.prop([fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), fc.integer({ min: 1, max: 60 })])(
  'messages come out as they went in, wherever the stream is cut',
  (messages, size) => {
    const bytes = Buffer.concat(messages.map(frameOf));
    const reader = new FrameReader(64);
    const seen: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) seen.push(...reader.take(bytes.subarray(at, at + size)));
    expect(seen.map((one) => [...one])).toEqual(messages.map((one) => [...one]));
  },
);

it('a message that is too long is refused by its length alone', () => {
  expect(() => new FrameReader(10).take(frameOf(new Uint8Array(11)).subarray(0, 4))).toThrow('11 bytes');
});
