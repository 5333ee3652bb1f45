import { randomFillSync } from 'node:crypto';
import type { RandomSource } from '../secrets/random-text.js';

/** A question to the generator costs several times what its bytes do: it is asked for so many at a time. */
const POOL_BYTES = 4_096;
const LARGEST = 64;

const pool = Buffer.alloc(POOL_BYTES);
let taken = POOL_BYTES;

/** The machine's own randomness. What is handed out is in no pool any more. */
export const systemRandom: RandomSource = (count) => {
  if (count > LARGEST) return randomFillSync(Buffer.allocUnsafeSlow(count));
  if (taken + count > POOL_BYTES) {
    randomFillSync(pool);
    taken = 0;
  }
  const bytes = Buffer.from(pool.subarray(taken, taken + count));
  pool.fill(0, taken, (taken += count));
  return bytes;
};
