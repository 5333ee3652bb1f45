import { expect, it } from 'vitest';
import { eachInTurn } from './each-in-turn.js';

it('goes through all, few at once, and tells which failed', async () => {
  let underWay = 0;
  let most = 0;
  const seen: number[] = [];
  const failures = await eachInTurn(
    Array.from({ length: 20 }, (_, at) => at),
    async (at) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      underWay -= 1;
      if (at % 7 === 3) throw new Error('no');
    },
    (done) => seen.push(done),
  );
  expect(failures.map(({ subject }) => subject).sort((a, b) => a - b)).toEqual([3, 10, 17]);
  expect(most).toBeLessThanOrEqual(4);
  expect(seen).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
});
