/** One figure of a stretch of time that begins at `at`, ms since the epoch. */
export interface Figure {
  readonly at: number;
  readonly value: number;
}

/** What part of time and of figures a chart shows. */
export interface Frame {
  readonly since: number;
  readonly until: number;
  /** How long a figure holds, ms. */
  readonly step: number;
  /** The figure at the upper edge, above 0. */
  readonly most: number;
}

/** A chart is drawn on so many units. */
export const WIDTH = 1_000;
export const HEIGHT = 200;

/** Steps as the path of an SVG, closed at the ground: one for each run of figures without a gap in time. */
export function shapesOf(figures: readonly Figure[], frame: Frame): readonly string[] {
  const inside = figures.filter(({ at }) => at + frame.step > frame.since && at < frame.until);
  const x = (at: number) => round((WIDTH * (at - frame.since)) / (frame.until - frame.since));
  const y = (value: number) => round(HEIGHT * (1 - Math.min(value, frame.most) / frame.most));
  return runsOf(inside, frame.step).map((run) => {
    const steps = run.map(
      ({ at, value }) =>
        `L${x(Math.max(at, frame.since))} ${y(value)}L${x(Math.min(at + frame.step, frame.until))} ${y(value)}`,
    );
    const from = x(Math.max(run[0]?.at ?? 0, frame.since));
    return `M${from} ${HEIGHT}${steps.join('')}V${HEIGHT}Z`;
  });
}

/** A round number that is not below any of the figures, and where a grid of two lines has whole numbers. */
export function upperEdge(values: readonly number[]): number {
  const most = Math.max(0, ...values);
  if (most <= 2) return 2;
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 4, 5, 10].map((times) => times * power).find((edge) => edge >= most && edge % 2 === 0) ?? 10 * power;
}

function runsOf(figures: readonly Figure[], step: number): readonly (readonly Figure[])[] {
  const runs: Figure[][] = [];
  for (const figure of figures) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && figure.at - before.at <= step) run.push(figure);
    else runs.push([figure]);
  }
  return runs;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
