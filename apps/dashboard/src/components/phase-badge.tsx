import type { Phase } from '@knot/domain';
import { shownPhase, type Sight } from '../live/sight.js';
import { clockTime, fullTime } from '../texts/format-time.js';
import { texts } from '../texts/texts.js';
import { toneOfPhase } from './phase-tone.js';
import { StatusBadge } from './status-badge.js';

/** The phase in colour and word; grey, with the time it is from, where nobody knows better. */
export function PhaseBadge({ phase, sight }: { phase: Phase; sight: Sight }) {
  const shown = shownPhase(phase, sight);
  const word = texts.phases[shown];
  const tone = toneOfPhase(shown);
  if (sight.live || sight.asOf === 0) return <StatusBadge tone={tone} word={word} />;
  const was = shown === phase ? '' : `${texts.common.lastKnown(texts.phases[phase])}, `;
  const note = texts.common.asOf(clockTime(sight.asOf));
  return <StatusBadge tone={tone} word={word} note={note} title={`${was}${fullTime(sight.asOf)}`} />;
}
