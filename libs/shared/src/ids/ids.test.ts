import { describe, expect, it } from 'vitest';
import { systemRandom } from './random.js';
import { createToken, sha256Hex } from './token.js';
import { createUuidV7 } from './uuid-v7.js';

describe('createUuidV7', () => {
  it('makes uuids of version 7 that carry the time of the clock', () => {
    const uuid = createUuidV7({ now: () => 0x0190_1234_5678 }, () => Buffer.alloc(8, 0xff))();
    expect(uuid).toBe('01901234-5678-7000-bfff-ffffffffffff');
  });

  it('sorts them by age and repeats none, with a clock that stands still, and one that goes back', () => {
    const times = [...Array.from({ length: 10_000 }, () => 1000), ...Array.from({ length: 100 }, () => 10), 1003, 1003];
    const clock = { now: () => times.shift() ?? 2000 };
    const next = createUuidV7(clock, systemRandom);
    const uuids = Array.from({ length: 10_102 }, next);
    expect([...uuids].sort()).toEqual(uuids);
    expect(new Set(uuids).size).toBe(uuids.length);
  });
});

describe('createToken', () => {
  it('names its kind and carries 256 bits', () => {
    const token = createToken(systemRandom, 'knot_pat');
    expect(token).toMatch(/^knot_pat_[A-Za-z0-9_-]{43}$/);
    expect(createToken(systemRandom, 'knot_pat')).not.toBe(token);
  });

  it('is stored as its sha256', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
