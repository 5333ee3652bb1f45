import { Anchor } from '@mantine/core';
import { Link } from 'react-router';
import classes from './bar-chart.module.css';

export interface Bar {
  readonly label: string;
  /** The page of what it counts. */
  readonly to: string;
  readonly all: number;
  /** How many of all are marked. */
  readonly part?: number;
  /** Drawn as a line; 0 or absent: there is none. */
  readonly limit?: number;
  /** The figures in words. */
  readonly figure: string;
}

/** Bars beside one another by one measure, the words of each being its text for those who do not see it. */
export function BarChart({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const most = Math.max(1, ...bars.map(({ all, limit = 0 }) => Math.max(all, limit)));
  const share = (count: number) => `${(100 * Math.min(count, most)) / most}%`;
  return (
    <ul className={classes.chart} aria-label={label}>
      {bars.map(({ label: name, to, all, part = 0, limit = 0, figure }) => (
        <li key={to} className={classes.row}>
          <Anchor component={Link} to={to} c="inherit" size="sm" className={classes.label} title={name}>
            {name}
          </Anchor>
          <svg className={classes.bar} aria-hidden>
            <rect className={classes.ground} width="100%" height="100%" />
            <rect className={classes.all} width={share(all)} height="100%" />
            <rect className={classes.part} width={share(part)} height="100%" />
            {limit > 0 && <line className={classes.limit} x1={share(limit)} x2={share(limit)} y1="0" y2="100%" />}
          </svg>
          <span className={classes.figure}>{figure}</span>
        </li>
      ))}
    </ul>
  );
}
