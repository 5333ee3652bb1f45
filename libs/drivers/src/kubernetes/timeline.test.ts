import { expect, it } from 'vitest';
import { createTrouble, mountTrouble } from './timeline.js';

const [EARLY, LATE] = ['2026-11-30T07:00:00Z', '2026-11-30T08:00:00Z'];
const failed = (reason: string, message: string, told: object) => ({ reason, message, metadata: {}, ...told });

it.each([
  [
    'pods cannot be made',
    createTrouble,
    'FailedCreate',
    (what: string) => `Error creating: pods "x" is forbidden: ${what}`,
  ],
  ['a volume cannot be used', mountTrouble, 'FailedMount', (what: string) => what],
] as const)(
  'why %s is what was told last, in whatever order the events come and however they tell the time',
  (_what, trouble, reason, words) => {
    const early = failed(reason, words('early'), { lastTimestamp: EARLY });
    for (const time of [{ lastTimestamp: LATE }, { eventTime: LATE }, { metadata: { creationTimestamp: LATE } }]) {
      const late = failed(reason, words('late'), time);
      for (const events of [
        [early, late],
        [late, early],
      ])
        expect(trouble(events)?.message).toContain('late');
    }
    expect(trouble([])).toBeNull();
  },
);
