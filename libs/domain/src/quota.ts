/** What somebody may have at once; each 0 = unlimited. */
export interface Limits {
  /** Spaces there are, running or not. */
  readonly maxSpaces: number;
  readonly maxRunning: number;
  /** Of the templates of running spaces. */
  readonly computeUnits: number;
  /** Of the templates of spaces that were started once and so have volumes. */
  readonly storageUnits: number;
}

/** What is used of each limit. */
export type Usage = Limits;

/** A space as far as a quota counts it. */
export interface CountedSpace {
  readonly id: string;
  readonly want: 'running' | 'stopped' | 'deleted';
  /** '' before the first start. */
  readonly snapshotHash: string;
  readonly computeUnits: number;
  readonly storageUnits: number;
}

const NOTHING: Limits = { maxSpaces: 0, maxRunning: 0, computeUnits: 0, storageUnits: 0 };

const NAMES: { readonly [L in keyof Limits]: string } = {
  maxSpaces: 'spaces',
  maxRunning: 'running spaces',
  computeUnits: 'compute units',
  storageUnits: 'storage units',
};

const LIMIT_NAMES = Object.keys(NAMES).filter((name): name is keyof Limits => name in NAMES);

/** The user's own and those of their groups, added. */
export function effectiveLimits(user: Limits, groups: readonly Limits[]): Limits {
  return sum([user, ...groups]);
}

/** What the spaces of one owner use. One whose deletion is not done still counts but as running. */
export function usageOf(spaces: readonly CountedSpace[]): Usage {
  return sum(
    spaces.map(({ want, snapshotHash, computeUnits, storageUnits }) => ({
      maxSpaces: 1,
      maxRunning: want === 'running' ? 1 : 0,
      computeUnits: want === 'running' ? computeUnits : 0,
      storageUnits: snapshotHash === '' ? 0 : storageUnits,
    })),
  );
}

/** A sentence of the first limit that `next` is over, and only where it takes more than `present` did. */
export function quotaProblem(
  limits: Limits,
  present: Usage,
  next: Usage,
): { readonly limit: keyof Limits; readonly message: string } | null {
  for (const limit of LIMIT_NAMES) {
    if (limits[limit] === 0 || next[limit] <= limits[limit] || next[limit] <= present[limit]) continue;
    const message = `This takes ${next[limit] - present[limit]} more ${NAMES[limit]} beside the ${present[limit]} in use, and ${limits[limit]} are the most.`;
    return { limit, message };
  }
  return null;
}

/** Whether any limit is set. */
export function isLimited(limits: Limits): boolean {
  return LIMIT_NAMES.some((limit) => limits[limit] > 0);
}

function sum(all: readonly Limits[]): Limits {
  const total = { ...NOTHING };
  for (const one of all) for (const limit of LIMIT_NAMES) total[limit] += one[limit];
  return total;
}
