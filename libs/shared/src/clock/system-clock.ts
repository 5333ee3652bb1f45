import type { Clock, ClockTimer } from './clock.js';

/** Node fires a longer timer at once (it holds 31 bits of milliseconds), so longer waits are cut in pieces. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function startTimer(callback: () => void, ms: number): ClockTimer {
  let left = ms;
  let handle: NodeJS.Timeout;
  const arm = (): void => {
    const piece = Math.min(left, LONGEST_TIMER_MS);
    left -= piece;
    handle = setTimeout(left > 0 ? arm : callback, piece);
  };
  arm();
  return { clear: () => clearTimeout(handle) };
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      timer.clear();
      reject(signal?.reason);
    };
    const timer = startTimer(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: startTimer,
  clearTimeout: (timer) => timer.clear(),
  sleep,
};
