/** Of several rounds: the spread, so that a lucky round is no result. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** The value that `share` (0..1) of all do not exceed (nearest rank); NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

export function spread(values: readonly number[]): Spread {
  return { min: Math.min(...values), median: percentile(values, 0.5), max: Math.max(...values) };
}

/** Three significant digits at least, no more than two decimals. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** All numbers of a result rounded, for reading. */
export function rounded(value: unknown): unknown {
  if (typeof value === 'number') return round(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rounded(entry)]));
}

export interface Row {
  readonly what: string;
  readonly figures: Spread;
  readonly unit: string;
  /** As the issue words it; '' where the figure is there to explain another. */
  readonly bar: string;
  readonly kept?: boolean;
}

export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ what, figures, unit, bar, kept }) => [
    what,
    ...[figures.min, figures.median, figures.max].map((value) => String(round(value))),
    unit,
    bar,
    kept === undefined ? '' : kept ? 'kept' : 'MISSED',
  ]);
  const all = [['', 'min', 'median', 'max', '', 'bar', ''], ...cells];
  const widths = all.reduce<number[]>((most, line) => line.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), []);
  const line = (words: string[]) =>
    words
      .map((word, at) => (at >= 1 && at <= 3 ? word.padStart(widths[at] ?? 0) : word.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
}
