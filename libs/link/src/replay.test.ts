import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { Replay } from './replay.js';

test.prop([fc.array(fc.uint8Array({ minLength: 1, maxLength: 30 }), { maxLength: 40 }), fc.nat(1_300)])(
  'what is kept is the end of what was sent, each byte once and in order, from wherever it is asked for',
  (pieces, asked) => {
    const replay = new Replay(100);
    for (const piece of pieces) replay.push(piece);
    const all = pieces.flatMap((piece) => [...piece]);
    expect(replay.next).toBe(all.length);
    expect(all.length - replay.from).toBeLessThanOrEqual(100);
    if (all.length >= 100) expect(all.length - replay.from).toBeGreaterThan(70);
    const from = Math.max(replay.from, Math.min(asked, all.length));
    const got = [...replay.since(from)];
    expect(got.flatMap(({ bytes }) => [...bytes])).toEqual(all.slice(from));
    if (got[0]) expect(got[0].at).toBe(from);
  },
);
