import classes from './audit-details.module.css';

/** What an entry says beyond its columns; nothing in it is secret. */
export function AuditDetails({ details }: { details: Readonly<Record<string, unknown>> }) {
  return (
    <span className={classes.details}>
      {Object.entries(details).map(([name, value]) => (
        <span key={name}>
          <span className={classes.name}>{name}</span> {wordOf(value)}
        </span>
      ))}
    </span>
  );
}

function wordOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(wordOf).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
