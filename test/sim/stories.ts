import { faultAt, wishAt, type FaultOf, type PlanItem, type Wish } from './plan-items.js';
import type { Chance } from './world/chance.js';

/** When a story may begin, so that it ends within the chaos, ms. */
const [FIRST_MS, LAST_MS] = [8_000, 50_000];

type Story = (chance: Chance, at: number) => readonly PlanItem[];

/** Many wish in the same moment, some of them for the same space. */
const crowd: Story = (chance, at) => [
  ...(chance.hits(0.5) ? [faultAt(at - 1, { do: 'slow-store', slowMs: 60, ms: 2_000 })] : []),
  ...wishesFrom(chance, at, 30, chance.between(4, 9)),
];

/** What is begun is ended at once, while the backend takes its time. */
const secondThoughts: Story = (chance, at) => [
  ...[0, 1].map((site) =>
    faultAt(at - 1_000, {
      do: 'slow-backend' as const,
      site,
      latencyMs: chance.pick([200, 2_000]),
      stopMs: 400,
      ms: 30_000,
    }),
  ),
  ...Array.from({ length: 6 }, (_, n): PlanItem[] => {
    const space = n % 4;
    const begun = at + n * 4_000;
    return [
      wishAt(begun, { do: 'stop', space: (space + 1) % 4 }),
      wishAt(begun + 10, { do: 'start', space }),
      wishAt(begun + chance.between(100, 3_000), { do: 'stop', space }),
    ];
  }).flat(),
];

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
  const lasts = 55_000;
  return [
    faultAt(at, { do: 'freeze-at-renewal', leaf: 0, ms: lasts }),
    ...(chance.hits(0.7) ? [0, 1].map((site) => faultAt(at, { do: 'no-lock' as const, site, ms: 90_000 })) : []),
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

/** The origin goes back behind terms that a leaf has had and the backend's lock has seen. */
const termsLost: Story = (chance, at) => {
  const [leaf, turns] = [chance.between(0, 1), chance.between(3, 4)];
  const restored = at + turns * 4_000 + chance.between(4_000, 8_000);
  return [
    ...Array.from({ length: turns }, (_, turn) =>
      faultAt(at + turn * 4_000, { do: 'crash-leaf', leaf, calls: 1, when: 'before', downMs: 500 }),
    ),
    ...wishesFrom(chance, at, restored - at, 4),
    faultAt(restored, { do: 'restore', ageMs: restored - at, downMs: chance.between(200, 2_000) }),
    ...wishesFrom(chance, restored, 20_000, 4),
  ];
};

/** A leaf is thrown out, its token changed, and later it is let in again, in one way or the other. */
const thrownOut: Story = (chance, at) => {
  const location = chance.between(0, 1);
  const back = at + chance.pick([3_000, 20_000, 45_000]);
  return [
    ...wishesFrom(chance, at - 3_000, 3_000, 3),
    wishAt(at, { do: 'new-token', location }),
    wishAt(at + 40, { do: 'revoke', location, instance: chance.between(0, 1) }),
    ...wishesFrom(chance, at, 20_000, 5),
    wishAt(back, chance.hits(0.4) ? { do: 'approve', location, instance: 0 } : { do: 'new-token', location }),
    ...[0, 1, 2].map((leaf) => faultAt(back + 500, { do: 'give-token', leaf })),
  ];
};

/** Leaves hang on all origins, nobody is told what the others commit, and many wish at once. */
const unheard: Story = (chance, at) => [
  ...[0, 1, 2].map((origin) => faultAt(at, { do: 'deaf-origin' as const, origin, ms: 40_000 })),
  ...wishesFrom(chance, at, 60, 6),
  ...wishesFrom(chance, at + 6_000, 30_000, 6),
];

/** One origin after the other goes, and each wish finds another one. */
const rolling: Story = (chance, at) => [
  ...[0, 1, 2].map((origin, turn) =>
    faultAt(at + turn * 9_000, {
      do: 'crash-origin',
      origin,
      calls: chance.between(1, 8),
      when: chance.pick(['before', 'after']),
      downMs: chance.between(500, 6_000),
    }),
  ),
  ...wishesFrom(chance, at, 27_000, 12),
];

/** The origin that sweeps falls asleep in the midst of it; another one sweeps, and in the midst of that the first wakes. */
const twoSweepers: Story = (chance, at) => {
  const [first, second] = chance.pick([[0, 1] as const, [1, 0] as const]);
  const [nap, again] = [at + chance.between(100, 2_500), at + 42_000];
  return [
    faultAt(at - 500, { do: 'litter' }),
    faultAt(at - 100, { do: 'slow-store', slowMs: 600, ms: 60_000 }),
    faultAt(at, { do: 'sweep', origin: first }),
    faultAt(nap, { do: 'freeze-origin', origin: first, ms: again + chance.between(300, 2_500) - nap }),
    faultAt(again - 500, { do: 'litter' }),
    faultAt(again, { do: 'sweep', origin: second }),
    ...wishesFrom(chance, at, 50_000, 4),
  ];
};

const ALONE: readonly Story[] = [crowd, lateReports, setBack, termsLost, thrownOut, secondThoughts];
const OF_LEAVES: readonly Story[] = [swing, parted, sleeper, lateWords];
const OF_ORIGINS: readonly Story[] = [unheard, rolling, twoSweepers];

/** Chance alone seldom puts together what belongs together: a course of events that has to be got right. */
export function storyOf(chance: Chance, leaves: number, origins: number): readonly PlanItem[] {
  const stories = [...ALONE, ...(leaves > 1 ? OF_LEAVES : []), ...(origins > 1 ? OF_ORIGINS : [])];
  return chance.pick(stories)(chance, chance.between(FIRST_MS, LAST_MS));
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
