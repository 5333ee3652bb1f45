import { expect, it } from 'vitest';
import { tooManyFailures, type RollOutTally } from './roll-out.js';

const NONE: RollOutTally = { waiting: 0, updating: 0, done: 0, failed: 0, refused: 0, skipped: 0 };
const RULE = { limit: 10, size: 100, atOnce: 10, forgiven: 0 };

it('a roll-out goes on while its failures stay within the limit of those that came to an end', () => {
  expect(tooManyFailures(NONE, RULE)).toBeNull();
  expect(tooManyFailures({ ...NONE, failed: 1 }, RULE)).toBeNull();
  expect(tooManyFailures({ ...NONE, done: 19, failed: 1, refused: 1 }, RULE)).toBeNull();
  expect(tooManyFailures({ ...NONE, skipped: 5, waiting: 95 }, RULE)).toBeNull();
});

it('a roll-out stops at the failure that passes the limit, refusals counted, the first one where few are tried', () => {
  expect(tooManyFailures({ ...NONE, failed: 2 }, RULE)).toBe('2 of 10 spaces failed, and the limit is 10 %.');
  expect(tooManyFailures({ ...NONE, done: 17, failed: 1, refused: 1 }, RULE)).toMatch(/^2 of 19 /);
  expect(tooManyFailures({ ...NONE, failed: 1 }, { ...RULE, size: 5 })).toMatch(/^1 of 5 /);
  expect(tooManyFailures({ ...NONE, failed: 1 }, { ...RULE, limit: 0 })).toMatch(/^1 of 10 /);
  expect(tooManyFailures({ ...NONE, failed: 5 }, { ...RULE, limit: 100, size: 5 })).toBeNull();
});

it('a failure that somebody went on after counts no more, the next one does', () => {
  const rule = { ...RULE, size: 5, forgiven: 1 };
  expect(tooManyFailures({ ...NONE, failed: 1, done: 2 }, rule)).toBeNull();
  expect(tooManyFailures({ ...NONE, failed: 2, done: 2 }, rule)).toMatch(/^1 of 5 /);
});
