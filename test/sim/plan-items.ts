import type { FaultKind } from '@knot/drivers/fake';

/** One thing a person does. `space` and `template` are numbers that are taken modulo what there is. */
export type Wish =
  | { readonly do: 'create'; readonly template: number }
  | { readonly do: 'start' | 'stop' | 'restart' | 'update' | 'delete'; readonly space: number }
  | { readonly do: 'edit-template'; readonly template: number; readonly text: number }
  | { readonly do: 'edit-variable'; readonly value: number }
  | { readonly do: 'adopt' | 'remove-orphan'; readonly orphan: number };

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
  | { readonly do: 'crash-origin'; readonly calls: number; readonly when: 'before' | 'after'; readonly downMs: number }
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
  | { readonly do: 'clock'; readonly who: 'origin' | 'leaf'; readonly leaf: number; readonly ms: number }
  | { readonly do: 'compact' };

/** What befalls one run, in order. The same plan and seed always make the same history. */
export interface Plan {
  readonly seed: string;
  /** How many leaves hang on the one location. */
  readonly leaves: number;
  readonly standby: boolean;
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
