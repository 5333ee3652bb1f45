import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { endWhenSilent } from './end-when-silent.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ASKING = { everyMs: 10, withinMs: 5 };

function sessionThat(answers: boolean) {
  return {
    destroyed: false,
    ping(heard: () => void) {
      if (this.destroyed) throw new Error('The session is gone.');
      if (answers) heard();
      return true;
    },
  };
}

it.each([
  ['answers', sessionThat(true), 0],
  ['is silent', sessionThat(false), 1],
  ['is gone', { ...sessionThat(true), destroyed: true }, 1],
])('a session that %s', (_what, session, ends) => {
  const end = vi.fn();
  const stop = endWhenSilent(session, ASKING, end);
  vi.advanceTimersByTime(15);
  expect(end).toHaveBeenCalledTimes(ends);
  stop();
  vi.advanceTimersByTime(100);
  expect(end).toHaveBeenCalledTimes(ends);
});

it('nothing waits for an answer any more once the asking was stopped', () => {
  const end = vi.fn();
  const stop = endWhenSilent(sessionThat(false), { everyMs: 10, withinMs: 50 }, end);
  vi.advanceTimersByTime(35);
  stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(100);
  expect(end).not.toHaveBeenCalled();
});
