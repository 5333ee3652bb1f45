import type { Limits } from '../api/schemas.js';
import { texts } from '../texts/texts.js';

/** The four things that a quota counts, in the order in which they are shown. */
export const LIMITS = ['maxSpaces', 'maxRunning', 'computeUnits', 'storageUnits'] as const satisfies (keyof Limits)[];

export function noLimits(): Limits {
  return { maxSpaces: 0, maxRunning: 0, computeUnits: 0, storageUnits: 0 };
}

export function limitsOf({ maxSpaces, maxRunning, computeUnits, storageUnits }: Limits): Limits {
  return { maxSpaces, maxRunning, computeUnits, storageUnits };
}

/** Those that are set, in words. */
export function limitWords(limits: Limits): string {
  const set = LIMITS.filter((name) => limits[name] > 0).map((name) => `${texts.quota.names[name]} ${limits[name]}`);
  return set.length === 0 ? texts.quota.none : set.join(', ');
}
