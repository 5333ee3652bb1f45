const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  K: 2 ** 10,
  M: 2 ** 20,
  G: 2 ** 30,
  T: 2 ** 40,
  P: 2 ** 50,
};

/** Bytes of `10G`, `512MiB`, `1K`, `7B` or a plain number (powers of 1024); null for what is none. */
export function bytesOf(size: string | number): number | null {
  const [, digits, unit] = /^\s*(\d+(?:\.\d+)?)\s*([BKMGTP]?)(?:iB|B)?\s*$/i.exec(String(size)) ?? [];
  if (digits === undefined || unit === undefined) return null;
  const bytes = Math.round(Number(digits) * (UNITS[unit.toUpperCase()] ?? 1));
  return Number.isSafeInteger(bytes) ? bytes : null;
}
