import { faultAt, wishAt, type FaultOf, type PlanItem, type Wish } from './plan-items.js';
import type { Chance } from './world/chance.js';

/** When a story may begin, so that it ends within the chaos, ms. */
const [FIRST_MS, LAST_MS] = [8_000, 50_000];

type Story = (chance: Chance, at: number) => readonly PlanItem[];

/** Many wish in the same moment, some of them for the same space. */
const crowd: Story = (chance, at) => wishesFrom(chance, at, 30, chance.between(4, 9));

/** One leaf goes and the other takes over, and then the other way round. */
const swing: Story = (chance, at) => {
  const first = chance.between(0, 1);
  const turns = Array.from({ length: 3 }, (_, n) => at + n * chance.between(22_000, 30_000));
  return turns.flatMap((turn, n) => [
    faultAt(turn, { do: 'stop-leaf', leaf: (first + n) % 2, downMs: chance.between(8_000, 16_000) }),
    ...wishesFrom(chance, turn, 20_000, 4),
  ]);
};

/** A leaf is parted from its origin and not from the backends, while somebody meddles there. */
const parted: Story = (chance, at) => {
  const leaf = chance.between(0, 1);
  const ms = chance.between(60_000, 90_000);
  const noLock = (site: number): FaultOf => ({ do: 'no-lock', site, ms: ms + 5_000 });
  const later = at + 34_000;
  return [
    faultAt(at, { do: 'cut', leaf, how: chance.pick(['refused', 'half-open']), ms }),
    ...(chance.hits(0.5) ? [faultAt(at + 1_000, noLock(0)), faultAt(at + 1_000, noLock(1))] : []),
    ...wishesFrom(chance, later, ms - 34_000, 6),
    ...Array.from({ length: 5 }, () =>
      faultAt(later + chance.between(0, ms - 34_000), {
        do: 'meddle',
        how: chance.pick(['kill', 'purge', 'edit']),
        space: chance.between(0, 5),
      }),
    ),
  ];
};

/** What a leaf tells comes late, twice and in another order, while it has something new to tell every moment. */
const lateReports: Story = (chance, at) => {
  const [leaf, ms] = [chance.between(0, 1), chance.between(12_000, 20_000)];
  const delay = chance.pick([400, 1_500, 3_000]);
  return [
    faultAt(at, { do: 'bad-network', leaf, loss: chance.pick([0, 0.1]), duplication: 1, delay, ms }),
    ...wishesFrom(chance, at, ms - 4_000, 6),
    ...Array.from({ length: 3 }, () =>
      faultAt(at + chance.between(0, ms - 4_000), { do: 'meddle', how: 'kill', space: chance.between(0, 3) }),
    ),
  ];
};

/** A leaf falls asleep while its renewal is answered, another one acts, and then it wakes with that answer. */
const sleeper: Story = (chance, at) => {
  const leaf = chance.between(0, 1);
  const [lasts, slow] = [55_000, { loss: 0, duplication: 0, delay: 2_200 }];
  const nap = at + chance.between(6_000, 26_000);
  return [
    faultAt(at, { do: 'bad-network', leaf, ...slow, ms: 30_000 }),
    faultAt(nap, { do: 'freeze-leaf', leaf, ms: lasts }),
    ...(chance.hits(0.5) ? [0, 1].map((site) => faultAt(at, { do: 'no-lock' as const, site, ms: 90_000 })) : []),
    ...wishesFrom(chance, at, 30_000, 4),
    ...wishesFrom(chance, at + 40_000, 40_000, 8),
    ...Array.from({ length: 6 }, () =>
      faultAt(at + chance.between(55_000, 80_000), { do: 'meddle', how: 'kill', space: chance.between(0, 3) }),
    ),
  ];
};

/** What a leaf that is gone had told arrives when another one has its place. */
const lateWords: Story = (chance, at) => {
  const leaf = chance.between(0, 1);
  return [
    faultAt(at, { do: 'bad-network', leaf, loss: 0, duplication: 1, delay: 3_000, ms: 12_000 }),
    ...wishesFrom(chance, at, 9_000, 6),
    faultAt(at + chance.between(6_000, 10_000), { do: 'stop-leaf', leaf, downMs: 30_000 }),
    ...wishesFrom(chance, at + 11_000, 10_000, 3),
  ];
};

/** The origin goes back behind what its leaf has done already. */
const setBack: Story = (chance, at) => [
  ...wishesFrom(chance, at, 12_000, 8),
  faultAt(at + 12_000 + chance.between(500, 4_000), {
    do: 'restore',
    ageMs: chance.between(4_000, 14_000),
    downMs: chance.between(200, 3_000),
  }),
  ...(chance.hits(0.5)
    ? [0, 1].map((site) =>
        faultAt(at + 10_000, { do: 'slow-backend', site, latencyMs: 2_000, stopMs: 400, ms: 20_000 }),
      )
    : []),
];

const ALONE: readonly Story[] = [crowd, lateReports, setBack];

/** Chance alone seldom puts together what belongs together: a course of events that has to be got right. */
export function storyOf(chance: Chance, leaves: number): readonly PlanItem[] {
  const story = chance.pick(leaves > 1 ? [...ALONE, swing, parted, sleeper, lateWords] : ALONE);
  return story(chance, chance.between(FIRST_MS, LAST_MS));
}

function wishesFrom(chance: Chance, at: number, ms: number, count: number): readonly PlanItem[] {
  return Array.from({ length: count }, () => {
    const wish: Wish = {
      do: chance.pick(['start', 'start', 'stop', 'restart', 'restart', 'update']),
      space: chance.between(0, 3),
    };
    return wishAt(at + chance.between(0, ms), wish);
  });
}
