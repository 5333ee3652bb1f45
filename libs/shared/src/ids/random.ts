import { randomBytes } from 'node:crypto';
import type { RandomSource } from '../secrets/random-text.js';

/** The machine's own randomness. */
export const systemRandom: RandomSource = (count) => randomBytes(count);
