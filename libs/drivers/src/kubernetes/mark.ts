import { hash } from 'node:crypto';
import type { Mark, Scope } from '@knot/domain';
import { objectAt, textAt, type JsonObject } from './json.js';

/** Everything that knot writes on an object stands under this prefix, and nothing of a template's may. */
export const PREFIX = 'knot.dev/';

/** Labels are what is selected by; their alphabet is too small for the names of locations. */
export const LABEL = { scope: `${PREFIX}scope`, space: `${PREFIX}space` } as const;

/** Annotations of the top objects: the exact mark, who and what it is for people, the hash of what was applied. */
export const ANNOTATION = {
  installation: `${PREFIX}installation`,
  location: `${PREFIX}location`,
  owner: `${PREFIX}owner`,
  name: `${PREFIX}name`,
  volume: `${PREFIX}volume`,
  applied: `${PREFIX}applied`,
} as const;

/** Of the scope that was asked for last: a leaf has one, and asks for each object that it sees. */
let known = { scope: '', label: '' };

export function scopeLabel({ installation, location }: Scope): string {
  const scope = `${installation}\0${location}`;
  if (known.scope !== scope) known = { scope, label: hash('sha256', scope).slice(0, 40) };
  return known.label;
}

export function labelsOf(mark: Mark): Readonly<Record<string, string>> {
  return { [LABEL.scope]: scopeLabel(mark), [LABEL.space]: mark.space };
}

/** A label selector for everything of a scope, or of one space of it. */
export function selectorOf(scope: Scope, space?: string): string {
  const all = `${LABEL.scope}=${scopeLabel(scope)}`;
  return space === undefined ? all : `${all},${LABEL.space}=${space}`;
}

export function spaceOf(object: JsonObject): string {
  return textAt(objectAt(object, 'metadata', 'labels'), LABEL.space);
}

export function bearsScope(object: JsonObject, scope: Scope): boolean {
  const annotations = objectAt(object, 'metadata', 'annotations');
  return (
    textAt(objectAt(object, 'metadata', 'labels'), LABEL.scope) === scopeLabel(scope) &&
    textAt(annotations, ANNOTATION.installation) === scope.installation &&
    textAt(annotations, ANNOTATION.location) === scope.location
  );
}

export function bearsMark(object: JsonObject, mark: Mark): boolean {
  return bearsScope(object, mark) && spaceOf(object) === mark.space;
}
