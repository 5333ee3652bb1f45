import type { RandomSource } from '../secrets/random-text.js';

/** The twelve bits of RFC 9562's rand_a, used as a counter within one millisecond. */
const COUNTER_LIMIT = 0x1000;

/**
 * Makes uuids that sort by the time of their making, strictly within one generator even when its clock stands still or
 * goes back. 62 bits of each are random.
 */
export function createUuidV7(clock: { now(): number }, random: RandomSource): () => string {
  let millisecond = 0;
  let counter = 0;
  return () => {
    const now = Math.floor(clock.now());
    if (now > millisecond) {
      millisecond = now;
      counter = 0;
    } else if (++counter === COUNTER_LIMIT) {
      millisecond += 1;
      counter = 0;
    }
    return format(millisecond, counter, Buffer.from(random(8)));
  };
}

function format(millisecond: number, counter: number, random: Buffer): string {
  const time = millisecond.toString(16).padStart(12, '0');
  const low = random.toString('hex');
  const variant = (8 + (Number.parseInt(low.slice(0, 1), 16) & 3)).toString(16);
  const versioned = `7${counter.toString(16).padStart(3, '0')}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${versioned}-${variant}${low.slice(1, 4)}-${low.slice(4)}`;
}
