import { useId } from 'react';
import { shortTime } from '../texts/format-time.js';
import { texts } from '../texts/texts.js';
import { HEIGHT, shapesOf, upperEdge, WIDTH, type Figure } from './usage-shape.js';
import classes from './usage-chart.module.css';

interface UsageChartProps {
  /** What the figures are. */
  readonly label: string;
  readonly figures: readonly Figure[];
  readonly since: number;
  readonly until: number;
  /** How long a figure holds, ms. */
  readonly step: number;
  /** Drawn as a line; 0 is none. */
  readonly limit: number;
}

/** Figures over time as steps, with a gap where nothing is known; the same as words and as a table for those who do not see it. */
export function UsageChart({ label, figures, since, until, step, limit }: UsageChartProps) {
  const words = useId();
  const most = upperEdge([...figures.map(({ value }) => value), limit]);
  const peak = figures.reduce<Figure | null>((best, one) => (best && best.value >= one.value ? best : one), null);
  const last = figures.at(-1);
  const y = (value: number) => HEIGHT * (1 - value / most);
  return (
    <figure className={classes.figure}>
      <div className={classes.plot}>
        <div className={classes.scale} aria-hidden>
          <span>{most}</span>
          <span>{most / 2}</span>
          <span>0</span>
        </div>
        <svg
          className={classes.chart}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={label}
          aria-describedby={words}
        >
          <line className={classes.grid} x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
          {shapesOf(figures, { since, until, step, most }).map((shape) => (
            <path key={shape} className={classes.area} d={shape} />
          ))}
          {limit > 0 && <line className={classes.limit} x2={WIDTH} y1={y(limit)} y2={y(limit)} />}
        </svg>
      </div>
      <div className={classes.times} aria-hidden>
        {[since, (since + until) / 2, until].map((at) => (
          <span key={at}>{shortTime(at)}</span>
        ))}
      </div>
      <figcaption id={words} className={classes.words}>
        {peak && last && texts.usage.peak(peak.value, shortTime(peak.at), last.value)}
        {limit > 0 && ` ${texts.usage.limit(limit)}`}
      </figcaption>
      <details className={classes.table}>
        <summary>{texts.usage.table}</summary>
        <div className={classes.rows} tabIndex={0} role="region" aria-label={texts.usage.table}>
          <table>
            <thead>
              <tr>
                <th scope="col">{texts.usage.from}</th>
                <th scope="col">{label}</th>
              </tr>
            </thead>
            <tbody>
              {figures.toReversed().map(({ at, value }) => (
                <tr key={at}>
                  <td>{shortTime(at)}</td>
                  <td>{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
