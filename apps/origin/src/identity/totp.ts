import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** RFC 6238 with what every authenticator app takes: SHA-1, 6 digits, 30 s. */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

export function stepAt(now: number): number {
  return Math.floor(now / STEP_MS);
}

/** The step whose code this is, within `window` steps of now and after `last`; null when there is none. */
export function matchingStep(
  secret: Uint8Array,
  code: string,
  { now, window, last }: { readonly now: number; readonly window: number; readonly last: number },
): number | null {
  const present = stepAt(now);
  for (let step = Math.max(last + 1, present - window); step <= present + window; step += 1) {
    if (totpCode(secret, step) === code) return step;
  }
  return null;
}

export function toBase32(bytes: Uint8Array): string {
  let [bits, held, text] = [0, 0, ''];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET.charAt((held >>> (bits - 5)) & 31);
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET.charAt((held << (5 - bits)) & 31) : text;
}

export function fromBase32(text: string): Uint8Array {
  let [bits, held] = [0, 0];
  const bytes: number[] = [];
  for (const letter of text) {
    held = (held << 5) | ALPHABET.indexOf(letter);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >>> bits) & 255);
    held &= (1 << bits) - 1;
  }
  return Uint8Array.from(bytes);
}
