import { describe, expect, it } from 'vitest';
import { ServerClock } from './server-clock.js';

describe('the clock of the server', () => {
  it('is this machine’s own where the two agree', () => {
    const clock = new ServerClock(() => 1_000_400);
    clock.learn(new Date(1_000_000).toUTCString(), 1_000_300);
    expect(clock.read()).toBe(1_000_400);
  });

  it('is followed where this machine is an hour wrong', () => {
    const clock = new ServerClock(() => 1_000_000);
    clock.learn(new Date(4_600_000).toUTCString(), 1_000_000);
    expect(clock.read()).toBe(4_600_500);
  });

  it('is not learnt from a slow answer after a quick one, nor from none', () => {
    let now = 1_000_000;
    const clock = new ServerClock(() => now);
    clock.learn(new Date(1_000_000).toUTCString(), 999_990);
    now = 1_030_000;
    clock.learn(new Date(9_000_000).toUTCString(), 1_000_000);
    clock.learn(null, 1_030_000);
    expect(clock.read()).toBe(1_030_000);
  });
});
