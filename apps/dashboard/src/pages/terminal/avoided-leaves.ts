const AVOIDED_MS = 10 * 60_000;

/** Whether the leaf of a location did not answer this browser a while ago, where its origin did. */
export function isAvoided(location: string): boolean {
  try {
    return Number(localStorage.getItem(nameOf(location))) > Date.now();
  } catch {
    return false;
  }
}

/** Not tried again for a while, by no page: each try would cost the person seconds. */
export function avoid(location: string): void {
  try {
    localStorage.setItem(nameOf(location), String(Date.now() + AVOIDED_MS));
  } catch {
    // tried again, then
  }
}

function nameOf(location: string): string {
  return `knot.by-origin.${location}`;
}
