import { ok, type Check } from './check.js';

export interface KnownBackup {
  /** When the last was made, ms since the epoch; 0: none was. */
  readonly madeAt: number;
  /** When there began to be something to lose. */
  readonly installedAt: number;
  /** Days without one that are no harm; 0: nobody wants to hear of backups. */
  readonly mostDays: number;
}

const DAY_MS = 86_400_000;

export function backupCheck({ madeAt, installedAt, mostDays }: KnownBackup, now: number): Check {
  const code = 'backup.age';
  const made = madeAt === 0 ? 'No backup was made yet' : `The last backup is of ${new Date(madeAt).toISOString()}`;
  if (mostDays === 0) return ok(code, `${made}; server.backup_max_age asks for none.`);
  const days = Math.floor((now - Math.max(madeAt, installedAt)) / DAY_MS);
  if (days < mostDays) return ok(code, `${made}.`);
  return {
    code,
    severity: 'warning',
    subject: '',
    sentence: `${made}: for ${days} days nothing would bring back what is lost.`,
    advice:
      'Run `knot admin backup` every day, by cron or a timer. Where something else makes backups, say server.backup_max_age: 0.',
  };
}
