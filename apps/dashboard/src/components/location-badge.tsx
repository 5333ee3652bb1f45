import type { Sight } from '../live/sight.js';
import { clockTime, fullTime } from '../texts/format-time.js';
import { texts } from '../texts/texts.js';
import { StatusBadge } from './status-badge.js';

/** Whether a location is heard of. */
export function LocationBadge({ sight, neverCame }: { sight: Sight; neverCame: boolean }) {
  if (neverCame) return <StatusBadge tone="rest" word={texts.locations.never} />;
  if (sight.live) return <StatusBadge tone="good" word={texts.locations.live} />;
  const word = sight.silent === 'leaf' ? texts.locations.silent : texts.phases.Unknown;
  if (sight.asOf === 0) return <StatusBadge tone="unknown" word={word} />;
  const note = texts.common.asOf(clockTime(sight.asOf));
  return <StatusBadge tone="unknown" word={word} note={note} title={fullTime(sight.asOf)} />;
}
