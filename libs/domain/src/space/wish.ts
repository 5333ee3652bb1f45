import type { Want } from './desired.js';

export const WISHES = ['start', 'stop', 'restart', 'update', 'delete'] as const;

export type Wish = (typeof WISHES)[number];

export interface WishInput {
  readonly want: Want;
  /** Whether it was ever started: only then can anything of it exist at a backend. */
  readonly everStarted: boolean;
  /** Whether a start of now would freeze a newer template version or other values. */
  readonly updateAvailable: boolean;
}

export type WishDecision =
  /** It is so already: nothing is written that a leaf would act on. */
  | { readonly do: 'nothing' }
  /** `freeze`: a new snapshot is part of it. `reserve`: it counts towards the quota of running spaces from now on. */
  | {
      readonly do: 'wish';
      readonly want: Want;
      readonly freeze: boolean;
      readonly reserve: boolean;
      readonly restarts: 0 | 1;
    }
  /** Nothing of it can exist anywhere: its row goes at once. */
  | { readonly do: 'drop' }
  | { readonly do: 'refuse'; readonly message: string; readonly hint: string };

const CHANGE = { do: 'wish', freeze: false, reserve: false, restarts: 0 } as const;

/** What a user's wish means for the desired state of a space. Total: stopping and deleting are never refused. */
export function decideWish(wish: Wish, { want, everStarted, updateAvailable }: WishInput): WishDecision {
  if (wish === 'delete') {
    if (!everStarted) return { do: 'drop' };
    return want === 'deleted' ? { do: 'nothing' } : { ...CHANGE, want: 'deleted' };
  }
  if (want === 'deleted') {
    return wish === 'stop'
      ? { do: 'nothing' }
      : { do: 'refuse', message: 'The space is being deleted.', hint: 'Wait until it is gone and create a new one.' };
  }
  const running = want === 'running';
  switch (wish) {
    case 'start':
      return running ? { do: 'nothing' } : { ...CHANGE, want: 'running', freeze: true, reserve: true };
    case 'stop':
      return running ? { ...CHANGE, want: 'stopped' } : { do: 'nothing' };
    case 'restart':
      return running
        ? { ...CHANGE, want: 'running', restarts: 1 }
        : { do: 'refuse', message: 'The space is stopped, so there is nothing to restart.', hint: 'Start it.' };
    case 'update':
      return running && updateAvailable ? { ...CHANGE, want: 'running', freeze: true } : { do: 'nothing' };
  }
}
