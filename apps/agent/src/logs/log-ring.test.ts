import { expect, it } from 'vitest';
import { LogRing } from './log-ring.js';

const line = (text: string) => ({ service: 's', level: 'info' as const, text });

it('keeps the last lines, by number and by size', () => {
  const ring = new LogRing(() => 7);
  for (let number = 0; number < 6_000; number += 1) ring.add(line(`line ${number}`));
  expect(ring.end).toBe(6_000);
  expect(ring.from(0)).toEqual({ number: 1_000, line: { ...line('line 1000'), at: 7 } });
  expect(ring.from(5_999)?.line.text).toBe('line 5999');
  expect(ring.from(6_000)).toBeNull();
  for (let number = 0; number < 1_000; number += 1) ring.add(line('x'.repeat(100_000)));
  const kept = ring.end - (ring.from(0)?.number ?? 0);
  expect(kept).toBeGreaterThan(50);
  expect(kept).toBeLessThan(200);
});

it('tells its followers of each line until they leave', () => {
  const ring = new LogRing(() => 7);
  const told: number[] = [];
  const leave = ring.follow(() => told.push(ring.end));
  ring.add(line('a'));
  ring.add(line('b'));
  leave();
  ring.add(line('c'));
  expect(told).toEqual([1, 2]);
});
