/** Who asked for a run: a person, a report, a world that drifted, or the periodic round. */
export type Priority = 'user' | 'status' | 'drift' | 'resync';

/** From the most to the least urgent. */
export const PRIORITIES: readonly Priority[] = ['user', 'status', 'drift', 'resync'];

const WEIGHT: Record<Priority, number> = { user: 0, status: -10, drift: -50, resync: -100 };

/** Time in a queue that lifts a key by one point of weight: a resync is as urgent as a user's change after 30 s. */
const AGEING_MS_PER_POINT = 300;

/** How long a key of this priority waits until it has aged up to a user's change, in ms. */
export function ageingMs(priority: Priority): number {
  return -WEIGHT[priority] * AGEING_MS_PER_POINT;
}

export function isHigher(a: Priority, b: Priority): boolean {
  return WEIGHT[a] > WEIGHT[b];
}

/** Whether somebody waits for it, or something has just happened. */
export function isUrgent(priority: Priority | undefined): boolean {
  return priority === 'user' || priority === 'status';
}

export function highest(a: Priority, b: Priority | undefined): Priority {
  return b !== undefined && isHigher(b, a) ? b : a;
}

export function lowest(a: Priority, b: Priority): Priority {
  return isHigher(a, b) ? b : a;
}
