import { faultAt, wishAt, type FaultOf, type Plan, type PlanItem } from './plan-items.js';
import { BEGIN_MS, CHAOS_MS } from './plan.js';
import { Chance } from './world/chance.js';

/** Origins that share them. */
const ORIGINS = 3;
/** Between the makings of two spaces, ms. */
const APART_MS = 40;

/**
 * As many locations as leaves, each with a space, on three origins: every leaf is asked for something, one in ten meets a
 * fault, and each of the origins is killed once.
 */
export function manyLeavesPlan(seed: string, leaves: number): Plan {
  const chance = new Chance(`many/${seed}`);
  const moment = () => BEGIN_MS + 10_000 + Math.floor(chance.next() * (CHAOS_MS - BEGIN_MS - 30_000));
  const spaces = Array.from({ length: leaves }, (_, n): PlanItem[] => {
    const at = BEGIN_MS + n * APART_MS;
    return [
      wishAt(at, { do: 'create', template: n % 3, location: n }),
      wishAt(at + 1_500, { do: 'start', space: n }),
      ...(n % 3 === 0 ? [wishAt(at + 40_000, { do: chance.pick(['stop', 'restart', 'delete']), space: n })] : []),
      ...(n % 10 === 0 ? [faultAt(moment(), faultOfLeaf(chance, n))] : []),
    ];
  });
  const origins = Array.from({ length: ORIGINS }, (_, origin) =>
    faultAt(50_000 + origin * 20_000, { do: 'crash-origin', origin, calls: 1, when: 'after', downMs: 5_000 }),
  );
  const items = [...spaces.flat(), ...origins].sort((a, b) => a.at - b.at);
  return { seed, leaves: 1, others: leaves - 1, origins: ORIGINS, standby: false, backups: false, items };
}

function faultOfLeaf(chance: Chance, leaf: number): FaultOf {
  const ms = chance.pick([2_000, 12_000, 40_000]);
  switch (chance.between(0, 3)) {
    case 0:
      return { do: 'crash-leaf', leaf, calls: chance.between(1, 20), when: 'after', downMs: ms };
    case 1:
      return { do: 'freeze-leaf', leaf, ms };
    case 2:
      return { do: 'cut', leaf, how: chance.pick(['refused', 'half-open']), ms };
    default:
      return { do: 'bad-network', leaf, loss: 0.1, duplication: 0.2, delay: 800, ms };
  }
}
