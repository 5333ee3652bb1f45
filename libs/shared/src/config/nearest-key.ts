import { editDistance } from '@knot/domain';

/**
 * The known key that a mistyped one most likely means, or undefined when none is near.
 * A right name in the wrong section counts as one edit: `mysql` at the top is `server.mysql`.
 */
export function nearestKey(path: string, known: Iterable<string>): string | undefined {
  const name = lastPart(path);
  const farthest = Math.max(2, Math.floor(name.length / 3));
  let best: { path: string; distance: number } | undefined;
  for (const candidate of known) {
    const elsewhere = editDistance(name, lastPart(candidate)) + 1;
    const distance = Math.min(editDistance(path, candidate), elsewhere);
    if (distance <= farthest && (best === undefined || distance < best.distance)) best = { path: candidate, distance };
  }
  return best?.path;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
