import { describe, expect, it } from 'vitest';
import { Gathering } from './gathering.js';

describe('the look that follows a hint', () => {
  it('waits for what else the backend tells of one space', () => {
    const gathering = new Gathering();
    expect([0, 10, 240].map((now) => gathering.delayMs('a', now))).toEqual([250, 250, 250]);
  });

  it('waits longer where many spaces change at once, up to a limit, and no longer once they have', () => {
    const gathering = new Gathering();
    const delays = Array.from({ length: 200 }, (_, index) => gathering.delayMs(`space-${index}`, 1));
    expect(delays.slice(0, 3)).toEqual([250, 255, 260]);
    expect(delays.at(-1)).toBe(750);
    expect(gathering.delayMs('space-1', 300)).toBe(250);
  });
});
