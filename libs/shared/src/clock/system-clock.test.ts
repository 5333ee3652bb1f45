import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from './system-clock.js';

afterEach(() => vi.useRealTimers());

describe('systemClock', () => {
  it('sleeps for the time asked for', async () => {
    const before = systemClock.monotonic();
    await systemClock.sleep(20);
    expect(systemClock.monotonic() - before).toBeGreaterThanOrEqual(19);
  });

  it('wakes a sleeper with the reason when its signal is aborted, before or during the sleep', async () => {
    const stop = new AbortController();
    const sleeping = systemClock.sleep(60_000, stop.signal);
    stop.abort(new Error('shutting down'));
    await expect(sleeping).rejects.toThrow('shutting down');
    await expect(systemClock.sleep(60_000, stop.signal)).rejects.toThrow('shutting down');
  });

  it('does not run a timer that was cleared', async () => {
    let ran = false;
    const timer = systemClock.setTimeout(() => (ran = true), 5);
    systemClock.clearTimeout(timer);
    await systemClock.sleep(20);
    expect(ran).toBe(false);
  });

  it('keeps a timer of 60 days waiting for 60 days', () => {
    vi.useFakeTimers();
    const day = 86_400_000;
    let ran = false;
    systemClock.setTimeout(() => (ran = true), 60 * day);
    vi.advanceTimersByTime(59 * day);
    expect(ran).toBe(false);
    vi.advanceTimersByTime(day);
    expect(ran).toBe(true);
  });
});
