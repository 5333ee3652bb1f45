import type { FaultKind } from '@knot/drivers/fake';

/** One thing a person does. All numbers are taken modulo what there is. */
export type Wish =
  | { readonly do: 'create'; readonly template: number; readonly location: number }
  | { readonly do: 'create-volume'; readonly site: number; readonly location: number }
  | { readonly do: 'keep-volume' | 'drop-volume' | 'define-volume' | 'delete-volume'; readonly volume: number }
  | { readonly do: 'revoke' | 'approve'; readonly location: number; readonly instance: number }
  | { readonly do: 'new-token'; readonly location: number }
  | { readonly do: 'start' | 'stop' | 'restart' | 'update' | 'delete'; readonly space: number }
  | { readonly do: 'edit-template'; readonly template: number; readonly text: number }
  | { readonly do: 'edit-variable'; readonly value: number }
  | { readonly do: 'adopt' | 'remove-orphan'; readonly orphan: number; readonly location: number };

export type FaultOf =
  | {
      readonly do: 'crash-leaf';
      readonly leaf: number;
      readonly calls: number;
      readonly when: 'before' | 'after';
      readonly downMs: number;
    }
  | { readonly do: 'stop-leaf'; readonly leaf: number; readonly downMs: number }
  | { readonly do: 'lose-disk'; readonly leaf: number; readonly downMs: number }
  | { readonly do: 'freeze-leaf'; readonly leaf: number; readonly ms: number }
  /** Whichever of its location has the lease, as soon as it has asked for more of it, so that it wakes with the answer. What runs is killed just before. */
  | { readonly do: 'freeze-at-renewal'; readonly leaf: number; readonly ms: number }
  /** Started anew with the token that the administrator has given out last. */
  | { readonly do: 'give-token'; readonly leaf: number }
  | {
      readonly do: 'crash-origin';
      readonly origin: number;
      readonly calls: number;
      readonly when: 'before' | 'after';
      readonly downMs: number;
    }
  | { readonly do: 'freeze-origin'; readonly origin: number; readonly ms: number }
  /** It is told nothing of what the others commit, and has its own look each second only. */
  | { readonly do: 'deaf-origin'; readonly origin: number; readonly ms: number }
  | { readonly do: 'sweep'; readonly origin: number }
  | { readonly do: 'litter' }
  | { readonly do: 'slow-store'; readonly slowMs: number; readonly ms: number }
  | { readonly do: 'restore'; readonly ageMs: number; readonly downMs: number }
  | { readonly do: 'cut'; readonly leaf: number; readonly how: 'refused' | 'half-open'; readonly ms: number }
  | {
      readonly do: 'bad-network';
      readonly leaf: number;
      readonly loss: number;
      readonly duplication: number;
      readonly delay: number;
      readonly ms: number;
    }
  | {
      readonly do: 'backend';
      readonly site: number;
      readonly kind: FaultKind;
      readonly when: 'before' | 'after';
      readonly probability: number;
      readonly ms: number;
    }
  | {
      readonly do: 'slow-backend';
      readonly site: number;
      readonly latencyMs: number;
      readonly stopMs: number;
      readonly ms: number;
    }
  | { readonly do: 'silent-watch'; readonly site: number; readonly ms: number }
  | { readonly do: 'cut-watches' | 'stale-hints'; readonly site: number }
  | { readonly do: 'no-lock'; readonly site: number; readonly ms: number }
  | { readonly do: 'meddle'; readonly how: 'kill' | 'purge' | 'edit'; readonly space: number }
  | {
      readonly do: 'store';
      readonly kind: 'conflict' | 'unavailable' | 'answer-lost';
      readonly probability: number;
      readonly ms: number;
    }
  | { readonly do: 'disk-full'; readonly leaf: number; readonly ms: number }
  | {
      readonly do: 'clock';
      /** The database's is the only clock for all of several origins, and the origin's own where there is one. */
      readonly who: 'origin' | 'leaf' | 'database';
      readonly origin: number;
      readonly leaf: number;
      readonly ms: number;
    }
  | { readonly do: 'compact' };

/** What befalls one run, in order. The same plan and seed always make the same history. */
export interface Plan {
  readonly seed: string;
  /** How many leaves hang on the first location. */
  readonly leaves: number;
  /** How many locations with one leaf there are beside it. */
  readonly others: number;
  /** How many origins serve one database. */
  readonly origins: number;
  readonly standby: boolean;
  /** Whether copies of the database are kept: to keep them costs time. */
  readonly backups: boolean;
  readonly items: readonly PlanItem[];
}

export type PlanItem = { readonly at: number } & (
  { readonly kind: 'wish'; readonly wish: Wish } | { readonly kind: 'fault'; readonly fault: FaultOf }
);

export function wishAt(at: number, wish: Wish): PlanItem {
  return { at, kind: 'wish', wish };
}

export function faultAt(at: number, fault: FaultOf): PlanItem {
  return { at, kind: 'fault', fault };
}
