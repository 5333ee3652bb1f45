import { shortTime } from '../../texts/format-time.js';
import classes from './audit-details.module.css';

/** A number from here on is a time, ms since the epoch (2001): no count of ours is as large. */
const LEAST_TIME = 1e12;

/** What an entry says beyond its columns; nothing in it is secret. */
export function AuditDetails({ details }: { details: Readonly<Record<string, unknown>> }) {
  // the name stands beside what it was done to
  const rest = Object.entries(details).filter(([name]) => name !== 'name');
  if (rest.length === 0) return null;
  return (
    <span className={classes.details}>
      {rest.map(([name, value]) => (
        <span key={name}>
          <span className={classes.name}>{name}</span> {wordOf(value)}
        </span>
      ))}
    </span>
  );
}

function wordOf(value: unknown): string {
  if (value === null || value === '') return '–';
  if (typeof value === 'number' && value > LEAST_TIME) return shortTime(value);
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(wordOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
