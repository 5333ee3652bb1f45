import { hash } from 'node:crypto';
import type { RandomSource } from '../secrets/random-text.js';

/** 256 bits: a plain hash of such a token is as good as a slow one. */
const TOKEN_BYTES = 32;

/** `<prefix>_<43 letters, digits, - or _>`; the prefix lets people and secret scanners see what they found. */
export function createToken(random: RandomSource, prefix: string): string {
  return `${prefix}_${Buffer.from(random(TOKEN_BYTES)).toString('base64url')}`;
}

/** What is stored of a token. Not for passwords. */
export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex');
}
