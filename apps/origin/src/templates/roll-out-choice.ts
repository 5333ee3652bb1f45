import { KnotError } from '@knot/shared/errors';
import type { SpaceRow, Store, TemplateRow } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import type { RollOutChoiceDto, SpaceBehindPageDto, SpacesBehindQueryDto } from './roll-out-choice.dto.js';
import type { SpacesBehind } from './spaces-behind.js';

/** Which spaces a new version of a template can go to. */
export class RollOutChoice {
  constructor(private readonly ports: { readonly store: Store; readonly behind: SpacesBehind }) {}

  /** The spaces that were started with another version than the present one. */
  async behind(id: string, { limit = 50, cursor, location }: SpacesBehindQueryDto): Promise<SpaceBehindPageDto> {
    const { store, behind } = this.ports;
    const template = found(await store.get('template', id), 'template');
    const { rows, next } = await behind.page(template, { limit, cursor, location });
    return { present: template.present, items: await behind.described(rows), next };
  }

  /** The spaces that are meant, in order of their names. */
  async chosen(template: TemplateRow, { to, location, spaceIds }: RollOutChoiceDto): Promise<readonly SpaceRow[]> {
    switch (to) {
      case 'all':
        return this.ports.behind.running(template, undefined);
      case 'location':
        if (location === undefined) throw missing('location');
        found(await this.ports.store.get('location', location), 'location');
        return this.ports.behind.running(template, location);
      case 'spaces':
        if (spaceIds === undefined) throw missing('spaceIds');
        return this.named(template, spaceIds);
    }
  }

  private async named(template: TemplateRow, spaceIds: readonly string[]): Promise<readonly SpaceRow[]> {
    const rows = await this.ports.store.getMany('space', spaceIds);
    const foreign = spaceIds.filter((id) => !rows.some((row) => row.id === id && row.templateId === template.id));
    if (foreign.length === 0) return rows;
    const message = `${foreign.length} of these spaces are not made from ${template.name}.`;
    throw new KnotError('resource.not_found', message, 'The list shows what there is.', { spaceIds: foreign });
  }
}

function missing(field: string): KnotError {
  return new KnotError('input.invalid', `${field} is missing.`, 'Say to which spaces the version is to go.', { field });
}
