import { expect, test } from 'vitest';
import { VirtualClock } from './virtual-clock.js';

test('timers fire in the order of their moments, each at its moment, those they set among them', async () => {
  const clock = new VirtualClock();
  const seen: [string, number][] = [];
  const note = (name: string) => () => void seen.push([name, clock.now()]);
  clock.setTimeout(note('late'), 30);
  clock.setTimeout(() => {
    note('early')();
    void Promise.resolve().then(() => clock.setTimeout(note('set on the way'), 5));
  }, 10);
  clock.clearTimeout(clock.setTimeout(note('cleared'), 20));
  await clock.advance(25);
  expect(seen).toEqual([
    ['early', 10],
    ['set on the way', 15],
  ]);
  expect([clock.now(), clock.pending]).toEqual([25, 1]);
});
