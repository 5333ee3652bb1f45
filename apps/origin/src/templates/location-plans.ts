import type { sync } from '@knot/contract';
import type { SpaceSnapshot } from '@knot/domain';
import type { SpaceRow } from '@knot/shared/store';
import type { LocationState, LocationStates } from '../locations/location-states.js';
import { ANSWER_MS, type Questions } from '../sync/questions.js';
import { wireSnapshot } from '../sync/to-wire.js';

/** Plans that one location works out at a time, so that its backend is not flooded for a list. */
const AT_ONCE = 4;
/** Bytes of a snapshot: a leaf takes messages of 4 MB. */
const LARGEST = 3 * 1024 * 1024;

export type Planned =
  | { readonly known: true; readonly plan: sync.Plan; readonly warnings: readonly string[] }
  | { readonly known: false; readonly why: string };

/** Asks locations what a start of their spaces would change. Nothing is stored or changed by it. */
export class LocationPlans {
  private readonly turns = new Map<string, Set<Promise<void>>>();

  constructor(
    private readonly states: LocationStates,
    private readonly questions: Questions,
  ) {}

  /** Why a location cannot be asked now, as a sentence; null where it can be. */
  async obstacle(location: string): Promise<string | null> {
    const state = (await this.states.named([location])).get(location);
    if (!state?.live) return `Not known: ${location} is silent${silentSince(state)}.`;
    if (this.questions.reachesForPlans(location)) return null;
    return `Not known: the leaf of ${location} cannot be asked from here. It may be of an older version, or linked to another origin.`;
  }

  async plan({ id, location }: Pick<SpaceRow, 'id' | 'location'>, snapshot: SpaceSnapshot): Promise<Planned> {
    if (Buffer.byteLength(JSON.stringify(snapshot)) > LARGEST) {
      return { known: false, why: 'Not known: what it would start from is too large to ask about.' };
    }
    return this.inTurn(location, async () => {
      const answer = await this.questions.ask(location, { spaceId: id, snapshot: wireSnapshot(snapshot) });
      if (!answer)
        return { known: false, why: `Not known: ${location} has not answered within ${ANSWER_MS / 1_000} s.` };
      const warnings = answer.warnings.map(({ message }) => message);
      if (answer.plan) return { known: true, plan: answer.plan, warnings };
      return { known: false, why: `Not known: ${warnings.join(' ')}` };
    });
  }

  /** A place among the few of the location that are asked at the same time. */
  private async inTurn<T>(location: string, run: () => Promise<T>): Promise<T> {
    const running = this.turns.get(location) ?? new Set();
    this.turns.set(location, running);
    while (running.size >= AT_ONCE) await Promise.race(running);
    const own = run();
    const done = own.then(
      () => undefined,
      () => undefined,
    );
    running.add(done);
    try {
      return await own;
    } finally {
      running.delete(done);
      if (running.size === 0) this.turns.delete(location);
    }
  }
}

function silentSince(state: LocationState | undefined): string {
  const at = state?.lease?.renewedAt ?? 0;
  return at > 0 ? ` since ${new Date(at).toISOString()}` : '';
}
