import { templatePortOf } from '@knot/domain';
import type { NewRow } from '@knot/shared/store';
import type { TemplateScopeDto } from './template.dto.js';

/** For whom and where a template is, and what a space of it takes. */
export type TemplateScope = Pick<
  NewRow<'template'>,
  'groups' | 'locations' | 'computeUnits' | 'storageUnits' | 'schedule' | 'ports'
>;

export const FOR_ALL: TemplateScope = {
  ...{ groups: [], locations: [], computeUnits: 0, storageUnits: 0 },
  schedule: null,
  ports: [],
};

export function scopeOf(
  known: TemplateScope,
  body: Partial<Pick<TemplateScopeDto, keyof TemplateScope>>,
): TemplateScope {
  return {
    groups: body.groups ?? known.groups,
    locations: body.locations ?? known.locations,
    computeUnits: body.computeUnits ?? known.computeUnits,
    storageUnits: body.storageUnits ?? known.storageUnits,
    schedule: body.schedule === undefined ? known.schedule : body.schedule,
    ports: body.ports?.flatMap((port) => templatePortOf(port) ?? []) ?? known.ports,
  };
}
