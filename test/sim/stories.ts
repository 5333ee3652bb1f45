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

/** Chance alone seldom puts together what belongs together: a course of events that has to be got right. */
export function storyOf(chance: Chance, leaves: number): readonly PlanItem[] {
  const story = chance.pick(leaves > 1 ? [crowd, lateReports, swing, parted] : [crowd, lateReports]);
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
