/** Whole numbers below 2^53 have at most 16 digits. */
const DIGITS = 16;
const BELOW_ZERO = 10n ** BigInt(DIGITS);

/**
 * Members of an index compare as bytes: `<order of the value>\0<id>`. An order holds no NUL, so that the shorter of two
 * values, one of which begins with the other, comes first whatever its id is.
 */
export function memberOf(order: string, id: string): string {
  return `${order}\0${id}`;
}

/** Bytes of UTF-8, in which text compares as its code points do. */
export function orderOfText(text: string): string {
  // NUL and the byte after it are written as two each, so that order stays and no NUL is left.
  return text.toWellFormed().replaceAll('\x01', '\x01\x02').replaceAll('\0', '\x01\x01');
}

/** A whole number, in as many digits as any other. */
export function orderOfNumber(value: number): string {
  if (value >= 0) return `1${String(value).padStart(DIGITS, '0')}`;
  return `0${String(BELOW_ZERO + BigInt(value)).padStart(DIGITS, '0')}`;
}
