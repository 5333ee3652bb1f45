const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** The largest multiple of the alphabet within a byte: bytes above it would favour some characters. */
const FAIR = 256 - (256 % ALPHABET.length);

/** Hands out this many bytes of a cryptographic generator: `randomBytes` of node:crypto. */
export type RandomSource = (count: number) => Uint8Array;

/** A text of letters and digits, each equally likely: 5.95 bits a character. */
export function randomText(length: number, random: RandomSource): string {
  let text = '';
  while (text.length < length) {
    for (const byte of random(length)) {
      if (byte < FAIR && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return text;
}
