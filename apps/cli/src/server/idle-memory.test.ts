import { describe, expect, it } from 'vitest';
import { IdleMemory } from './idle-memory.js';

/** Runs one look after the other, each with a share of work, and tells what is favoured after each. */
function favouredAfter(shares: readonly number[]): string[] {
  let look = (): void => undefined;
  let favoured = 'speed';
  let share = 0;
  const clock = {
    setTimeout: (callback: () => void) => {
      look = callback;
      return { clear: () => undefined };
    },
  };
  const memory = new IdleMemory(clock, { busy: () => share, favour: (what) => void (favoured = what) });
  memory.start();
  return shares.map((next) => {
    share = next;
    look();
    return favoured;
  });
}

const QUIET = Array.from({ length: 10 }, () => 0.01);

describe('memory of a server with nothing to do', () => {
  it('is given back after ten quiet seconds, not before', () => {
    const favoured = favouredAfter(QUIET);
    expect(favoured.slice(0, 9)).not.toContain('memory');
    expect(favoured.at(-1)).toBe('memory');
  });

  it('yields to speed with the first second of work, and waits anew', () => {
    expect(favouredAfter([...QUIET, 0.4, 0.01]).slice(-3)).toEqual(['memory', 'speed', 'speed']);
    expect(favouredAfter([...QUIET, 0.4, ...QUIET]).at(-1)).toBe('memory');
  });
});
