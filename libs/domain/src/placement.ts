import type { Platform } from './platform.js';

/** What is known of a location when a wish is to be placed there. */
export interface PlacementLocation {
  readonly name: string;
  /** Whether its leaf is heard of now, or left in good order a moment ago and is to come back: it hears of what is wished. */
  readonly expected: boolean;
  readonly platforms: readonly { readonly platform: Platform; readonly ready: boolean; readonly message: string }[];
}

export type Placement =
  | { readonly ok: true; readonly location: string }
  | { readonly ok: false; readonly message: string; readonly hint: string };

/** Whether a location can run a platform now; if not, why, and which could. */
export function checkPlacement(platform: Platform, name: string, all: readonly PlacementLocation[]): Placement {
  const why = unable(
    platform,
    all.find((location) => location.name === name),
    name,
  );
  return why === null ? { ok: true, location: name } : { ok: false, message: why, hint: whoCould(platform, all) };
}

/** A location for a new space: `preferred` where it can run the platform, else the first by name that can. */
export function choosePlacement(platform: Platform, preferred: string, all: readonly PlacementLocation[]): Placement {
  const able = all.filter((location) => unable(platform, location, location.name) === null).map(({ name }) => name);
  const location = able.includes(preferred) ? preferred : able.sort()[0];
  if (location !== undefined) return { ok: true, location };
  return {
    ok: false,
    message: `No live location can run the platform ${platform} now.`,
    hint: whoCould(platform, all),
  };
}

function unable(platform: Platform, location: PlacementLocation | undefined, name: string): string | null {
  if (!location) return `There is no location ${name}.`;
  if (!location.expected) return `The leaf of the location ${name} is not heard of.`;
  const found = location.platforms.find((state) => state.platform === platform);
  if (!found) return `The location ${name} does not have the platform ${platform}.`;
  return found.ready ? null : `The platform ${platform} of the location ${name} is not ready: ${found.message}`;
}

function whoCould(platform: Platform, all: readonly PlacementLocation[]): string {
  const able = all.filter((location) => unable(platform, location, location.name) === null).map(({ name }) => name);
  if (able.length > 0) return `These locations could: ${able.sort().join(', ')}.`;
  const silent = all
    .filter((location) => !location.expected && location.platforms.some((state) => state.platform === platform))
    .map(({ name }) => name);
  return silent.length > 0
    ? `Start the leaf of one of these, which had ${platform}: ${silent.sort().join(', ')}.`
    : `Start a leaf that has ${platform} switched on in its knot.yaml.`;
}
