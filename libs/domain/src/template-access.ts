import { holds, type Actor } from './permission.js';

/** A template as far as it says who may use it, and where. */
export interface LimitedTemplate {
  /** Ids of groups; empty: everybody. */
  readonly groups: readonly string[];
  /** Names; empty: every location. */
  readonly locations: readonly string[];
}

/** Whether a user may make and start spaces of a template: it is open to all, or one of their groups is named. */
export function mayUseTemplate(groups: readonly string[], template: Pick<LimitedTemplate, 'groups'>): boolean {
  return template.groups.length === 0 || template.groups.some((group) => groups.includes(group));
}

/** Whether somebody is shown a template: whoever may use it, and whoever looks after templates. */
export function maySeeTemplate(actor: Actor, template: Pick<LimitedTemplate, 'groups'>): boolean {
  if (mayUseTemplate(actor.groups, template)) return true;
  return holds(actor, 'templates.see') || holds(actor, 'templates.manage') || holds(actor, 'templates.approve');
}

/** Whether a template is for a location. */
export function isForLocation(template: Pick<LimitedTemplate, 'locations'>, location: string): boolean {
  return template.locations.length === 0 || template.locations.includes(location);
}
