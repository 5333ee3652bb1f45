import { fullTime, shortTime } from '../texts/format-time.js';
import { texts } from '../texts/texts.js';

/** A time in the user's zone; 0 is never. */
export function Moment({ at }: { at: number }) {
  if (at === 0) return <>{texts.common.never}</>;
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {shortTime(at)}
    </time>
  );
}
