import { faultAt, wishAt, type FaultOf, type Plan, type PlanItem, type Wish } from './plan-items.js';
import { storyOf } from './stories.js';
import { Chance } from './world/chance.js';

/** How long people wish and faults strike, ms. */
export const CHAOS_MS = 150_000;
export const BEGIN_MS = 3_000;

export function planOf(seed: string): Plan {
  const chance = new Chance(`plan/${seed}`);
  const leaves = chance.hits(0.5) ? 2 : 1;
  const others = chance.hits(0.2) ? 1 : 0;
  const origins = chance.pick([1, 1, 2, 2, 3]);
  const sizes: Sizes = { seats: leaves + others, locations: 1 + others, origins };
  const first = Array.from({ length: chance.between(2, 4) }, (_, n): PlanItem[] => [
    wishAt(BEGIN_MS + n * 200, { do: 'create', template: chance.between(0, 2), location: n }),
    wishAt(BEGIN_MS + 1_500 + n * 300, { do: 'start', space: n }),
  ]).flat();
  const volume: readonly PlanItem[] = chance.hits(0.5)
    ? [
        wishAt(BEGIN_MS + 500, { do: 'create-volume', site: chance.between(0, 1), location: chance.between(0, 1) }),
        wishAt(BEGIN_MS + 1_000, { do: 'keep-volume', volume: 0 }),
      ]
    : [];
  const wishes = Array.from({ length: chance.between(8, 20) }, () => wishAt(moment(chance), wishOf(chance, sizes)));
  const faults = Array.from({ length: chance.between(0, 9) }, () => faultAt(moment(chance), faultOf(chance, sizes)));
  const told = Array.from({ length: chance.pick([0, 1, 1, 2]) }, () => storyOf(chance, leaves, origins)).flat();
  const items = [...first, ...volume, ...wishes, ...faults, ...told].sort((a, b) => a.at - b.at);
  return { seed, leaves, others, origins, standby: chance.hits(0.3), backups: true, items };
}

function moment(chance: Chance): number {
  return BEGIN_MS + 2_000 + Math.floor(chance.next() * (CHAOS_MS - BEGIN_MS - 12_000));
}

interface Sizes {
  readonly seats: number;
  readonly locations: number;
  readonly origins: number;
}

function wishOf(chance: Chance, { locations }: Sizes): Wish {
  const space = chance.between(0, 5);
  const volume = chance.between(0, 2);
  const location = chance.between(0, locations - 1);
  const roll = chance.between(0, 99);
  if (roll < 12) return { do: 'create', template: chance.between(0, 2), location };
  if (roll < 32) return { do: 'start', space };
  if (roll < 44) return { do: 'stop', space };
  if (roll < 58) return { do: 'restart', space };
  if (roll < 66) return { do: 'update', space };
  if (roll < 73) return { do: 'delete', space };
  if (roll < 78) return { do: 'edit-template', template: chance.between(0, 2), text: chance.between(0, 5) };
  if (roll < 82) return { do: 'edit-variable', value: chance.between(0, 9) };
  if (roll < 86) return { do: 'create-volume', site: chance.between(0, 1), location };
  if (roll < 91) return { do: 'keep-volume', volume };
  if (roll < 95) return { do: chance.pick(['drop-volume', 'define-volume', 'delete-volume']), volume };
  return { do: chance.hits(0.5) ? 'adopt' : 'remove-orphan', orphan: chance.between(0, 3), location };
}

type Draw = (chance: Chance, leaf: number, origin: number) => FaultOf;

const when = (chance: Chance) => chance.pick(['before', 'after'] as const);
/** From a moment to beyond a lease and its grace. */
const long = (chance: Chance) => chance.pick([500, 3_000, 12_000, 34_000, 50_000]) + chance.between(0, 4_000);
const KINDS = ['forbidden', 'conflict', 'throttled', 'unavailable', 'unavailable', 'hang'] as const;

const DRAWS: readonly (readonly [weight: number, draw: Draw])[] = [
  [14, (c, leaf) => ({ do: 'crash-leaf', leaf, calls: c.between(1, 40), when: when(c), downMs: long(c) })],
  [3, (c, leaf) => ({ do: 'stop-leaf', leaf, downMs: long(c) })],
  [4, (c, leaf) => ({ do: 'lose-disk', leaf, downMs: long(c) })],
  [9, (c, leaf) => ({ do: 'freeze-leaf', leaf, ms: long(c) })],
  [
    10,
    (c, _, origin) => ({
      do: 'crash-origin',
      origin,
      calls: c.between(1, 30),
      when: when(c),
      downMs: c.between(200, 40_000),
    }),
  ],
  [4, (c, _, origin) => ({ do: 'freeze-origin', origin, ms: long(c) })],
  [3, (c, _, origin) => ({ do: 'deaf-origin', origin, ms: long(c) })],
  [3, (_c, _, origin) => ({ do: 'sweep', origin })],
  [3, (c) => ({ do: 'slow-store', slowMs: c.pick([20, 200, 800]), ms: c.between(2_000, 20_000) })],
  [5, (c) => ({ do: 'restore', ageMs: c.between(1_000, 60_000), downMs: c.between(200, 5_000) })],
  [10, (c, leaf) => ({ do: 'cut', leaf, how: c.pick(['refused', 'half-open']), ms: long(c) })],
  [
    8,
    (c, leaf) => ({
      do: 'bad-network',
      leaf,
      loss: c.pick([0, 0.05, 0.3]),
      duplication: c.pick([0, 0.1, 0.4]),
      delay: c.pick([50, 800, 3_000]),
      ms: long(c),
    }),
  ],
  [
    12,
    (c) => ({
      do: 'backend',
      site: c.between(0, 1),
      kind: c.pick(KINDS),
      when: when(c),
      probability: c.pick([0.1, 0.5, 1]),
      ms: long(c),
    }),
  ],
  [
    4,
    (c) => ({
      do: 'slow-backend',
      site: c.between(0, 1),
      latencyMs: c.pick([200, 2_000]),
      stopMs: c.pick([400, 5_000, 20_000]),
      ms: long(c),
    }),
  ],
  [5, (c) => ({ do: 'silent-watch', site: c.between(0, 1), ms: long(c) })],
  [3, (c) => ({ do: c.pick(['cut-watches', 'stale-hints']), site: c.between(0, 1) })],
  [5, (c) => ({ do: 'no-lock', site: c.between(0, 1), ms: long(c) })],
  [8, (c) => ({ do: 'meddle', how: c.pick(['kill', 'purge', 'edit']), space: c.between(0, 5) })],
  [
    7,
    (c) => ({
      do: 'store',
      kind: c.pick(['conflict', 'unavailable', 'answer-lost']),
      probability: c.pick([0.1, 0.5]),
      ms: c.between(2_000, 20_000),
    }),
  ],
  [4, (c, leaf) => ({ do: 'disk-full', leaf, ms: long(c) })],
  [
    4,
    (c, leaf, origin) => ({
      do: 'clock',
      who: c.pick(['origin', 'leaf', 'database']),
      ...{ leaf, origin },
      ms: c.pick([-3_600_000, -40_000, -5_000, 5_000, 40_000, 3_600_000]),
    }),
  ],
  [3, () => ({ do: 'compact' })],
];

function faultOf(chance: Chance, { seats, origins }: Sizes): FaultOf {
  const total = DRAWS.reduce((sum, [weight]) => sum + weight, 0);
  let roll = chance.next() * total;
  const leaf = chance.between(0, seats - 1);
  const origin = chance.between(0, origins - 1);
  for (const [weight, draw] of DRAWS) {
    roll -= weight;
    if (roll < 0) return draw(chance, leaf, origin);
  }
  return { do: 'compact' };
}

/** For a person to read. */
export function tellItem({ at, ...item }: PlanItem): string {
  const { do: what, ...more } = item.kind === 'wish' ? item.wish : item.fault;
  const details = Object.entries(more).map(([name, value]) => `${name}=${String(value)}`);
  return `${(at / 1_000).toFixed(1).padStart(7)} s  ${item.kind === 'wish' ? 'wish ' : 'FAULT'} ${[what, ...details].join(' ')}`;
}
