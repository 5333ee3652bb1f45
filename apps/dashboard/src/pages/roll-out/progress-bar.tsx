import { ROLL_OUT_SPACE_STATES } from '@knot/domain';
import { Text } from '@mantine/core';
import type { RollOutProgress } from '../../api/schemas.js';
import { StatusBadge } from '../../components/status-badge.js';
import { texts } from '../../texts/texts.js';
import { SPACE_TONES } from './tones.js';
import classes from './roll-out.module.css';

/** How far a roll-out has come: a bar, and its figures in words. */
export function ProgressBar({ rollOut: { counts, stages, stage, state } }: { rollOut: RollOutProgress }) {
  const all = Math.max(
    1,
    stages.reduce((sum, count) => sum + count, 0),
  );
  const parts = [
    { part: 'done', count: counts.done },
    { part: 'skipped', count: counts.skipped },
    { part: 'failed', count: counts.failed + counts.refused },
    { part: 'updating', count: counts.updating },
  ];
  const share = (count: number) => `${(100 * count) / all}%`;
  const before = (at: number) => parts.slice(0, at).reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <svg className={classes.bar} aria-hidden>
        <rect data-part="ground" width="100%" height="100%" />
        {parts.map(({ part, count }, at) => (
          <rect key={part} data-part={part} x={share(before(at))} width={share(count)} height="100%" />
        ))}
      </svg>
      <ul className={classes.counts} aria-label={texts.rollOut.howFar}>
        {ROLL_OUT_SPACE_STATES.filter((name) => counts[name] > 0).map((name) => (
          <li key={name}>
            <StatusBadge tone={SPACE_TONES[name]} word={texts.rollOut.spaceStates[name]} note={String(counts[name])} />
          </li>
        ))}
      </ul>
      {stages.length > 1 && (state === 'going' || state === 'held') && (
        <Text c="dimmed" mt="xs">
          {texts.rollOut.stageOf(stage + 1, stages.length, stages[stage] ?? 0)}
        </Text>
      )}
    </>
  );
}
