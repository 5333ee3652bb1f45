/** Edits that turn one text into the other: insert, delete, replace, swap of neighbours. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

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
