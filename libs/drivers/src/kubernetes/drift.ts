import { objectAt, textAt, type JsonObject } from './json.js';
import { lostFields } from './managed-fields.js';
import { ANNOTATION } from './mark.js';
import type { PreparedWorkload } from './prepared-workload.js';
import { keyOf, type Sight } from './sight.js';

const MOST_FIELDS = 4;

/** How what is there differs from what was applied, in words for the user; null when it does not. */
export function driftOf({ wanted }: PreparedWorkload, { found }: Sight): string | null {
  for (const { kind, name, object, hash } of wanted) {
    const live = found.get(keyOf(kind, name));
    if (!live) return `The ${kind.kind} ${name} is missing`;
    if (hash === '') continue;
    const lost = lostFields(object, live);
    if (lost.length > 0) return `The ${kind.kind} ${name} was changed: ${told(lost)}`;
    if (appliedOf(live) !== hash) return `The ${kind.kind} ${name} is not what its template says`;
  }
  return null;
}

function appliedOf(live: JsonObject): string {
  return textAt(objectAt(live, 'metadata', 'annotations'), ANNOTATION.applied);
}

function told(lost: ReturnType<typeof lostFields>): string {
  const shown = lost.slice(0, MOST_FIELDS).map(({ path, by }) => (by === '' ? path : `${path} by ${by}`));
  return lost.length > MOST_FIELDS ? `${shown.join(', ')} and ${lost.length - MOST_FIELDS} more` : shown.join(', ');
}
