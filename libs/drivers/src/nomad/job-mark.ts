import type { Mark, Scope } from '@knot/domain';
import { objectAt, textAt, type JsonObject } from './json.js';

/** The mark in a job's meta. Nothing here changes while the space runs: changed meta restarts what runs. */
export const META = {
  installation: 'knot_installation',
  location: 'knot_location',
  space: 'knot_space',
  owner: 'knot_owner',
  name: 'knot_name',
} as const;

export function bearsMark(job: JsonObject, mark: Mark): boolean {
  return bearsScope(job, mark) && textAt(objectAt(job, 'Meta'), META.space) === mark.space;
}

export function bearsScope(job: JsonObject, scope: Scope): boolean {
  const meta = objectAt(job, 'Meta');
  return textAt(meta, META.installation) === scope.installation && textAt(meta, META.location) === scope.location;
}
