import { isForLocation, mayUseTemplate, type Platform } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { TemplateRow, UserRow } from '@knot/shared/store';
import type { OriginSettings } from '../origin-settings.js';

/** Spaces of the platform local are processes of the leaf's own machine: for administrators unless opened. */
export function assertPlatformAllowed(platform: Platform, owner: UserRow, { localForAll }: OriginSettings): void {
  if (platform !== 'local' || localForAll || owner.role === 'administrator') return;
  const message =
    'Spaces on the platform local are for administrators: they run without isolation on the leaf’s own machine.';
  throw new KnotError('access.denied', message, 'local.users: all in the knot.yaml of the origin opens it.');
}

/** A template may be for some groups and some locations only. */
export function assertTemplateOpen(template: TemplateRow, owner: UserRow, location: string): void {
  if (!mayUseTemplate(owner.groups, template)) {
    const message = `The template ${template.name} is not open to ${owner.username}.`;
    throw new KnotError('access.denied', message, 'Ask an administrator for one of the groups that it is for.');
  }
  if (isForLocation(template, location)) return;
  const message = `The template ${template.name} is not for the location ${location}.`;
  const hint = `It is for ${template.locations.join(', ')}.`;
  throw new KnotError('location.unavailable', message, hint, { locations: template.locations });
}
