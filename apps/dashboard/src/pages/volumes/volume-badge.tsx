import type { Volume } from '../../api/schemas.js';
import type { Tone } from '../../components/phase-tone.js';
import { StatusBadge } from '../../components/status-badge.js';
import { useLive } from '../../live/live-context.js';
import { sightOf } from '../../live/sight.js';
import { clockTime, fullTime } from '../../texts/format-time.js';
import { texts } from '../../texts/texts.js';

const TONES: Readonly<Record<string, Tone>> = { ready: 'good', failed: 'bad', pending: 'rising', absent: 'rest' };

const WORDS = Object.entries(texts.volumes.states);

interface VolumeBadgeProps {
  readonly volume: Volume;
  /** Whether its location is heard of. */
  readonly live: boolean;
}

/** What its leaf last said of a volume; grey, with the time, while nobody is heard. */
export function VolumeBadge({ volume: { state, asOf, want }, live }: VolumeBadgeProps) {
  const sight = sightOf({ live, asOf }, useLive());
  const word = WORDS.find(([name]) => name === state)?.[1] ?? (state || texts.volumes.wants[want]);
  if (asOf === 0) return <StatusBadge tone="rest" word={word} />;
  if (sight.live) return <StatusBadge tone={TONES[state] ?? 'rest'} word={word} />;
  const note = texts.common.asOf(clockTime(sight.asOf));
  return <StatusBadge tone="unknown" word={word} note={note} title={fullTime(sight.asOf)} />;
}
