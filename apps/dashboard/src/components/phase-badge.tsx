import type { Phase } from '@knot/domain';
import { Tooltip } from '@mantine/core';
import { shownPhase, type Sight } from '../live/sight.js';
import { clockTime, fullTime } from '../texts/format-time.js';
import { texts } from '../texts/texts.js';
import { toneOfPhase } from './phase-tone.js';
import { StatusBadge } from './status-badge.js';

/** The phase in colour and word; grey, with the time it is from, where nobody knows better. */
export function PhaseBadge({ phase, sight }: { phase: Phase; sight: Sight }) {
  const shown = shownPhase(phase, sight);
  const badge = (
    <StatusBadge
      tone={toneOfPhase(shown)}
      word={texts.phases[shown]}
      note={sight.live ? '' : sight.asOf === 0 ? '' : texts.common.asOf(clockTime(sight.asOf))}
    />
  );
  if (sight.live || sight.asOf === 0) return badge;
  const was = shown === phase ? '' : `${texts.common.lastKnown(texts.phases[phase])}, `;
  return <Tooltip label={`${was}${fullTime(sight.asOf)}`}>{badge}</Tooltip>;
}
