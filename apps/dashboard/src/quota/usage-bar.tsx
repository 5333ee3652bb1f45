import { texts } from '../texts/texts.js';
import classes from './quota.module.css';

interface UsageBarProps {
  readonly label: string;
  readonly used: number;
  /** 0 is without limit. */
  readonly most: number;
}

/** A figure of a limit, as a bar and in words. */
export function UsageBar({ label, used, most }: UsageBarProps) {
  const share = most === 0 ? 0 : used / most;
  return (
    <div className={classes.usage}>
      <div className={classes.words}>
        <span>{label}</span>
        <span className={classes.figures}>{most === 0 ? texts.quota.unlimited(used) : texts.quota.of(used, most)}</span>
      </div>
      {most > 0 && (
        <meter
          className={classes.bar}
          aria-label={label}
          min={0}
          max={most}
          value={Math.min(used, most)}
          data-full={share >= 1 || undefined}
          data-near={share >= 0.8 || undefined}
        />
      )}
    </div>
  );
}
