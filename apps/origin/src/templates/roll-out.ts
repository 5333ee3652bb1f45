import type { Clock } from '@knot/shared';
import { ERROR_CODES, KnotError, isKnotError } from '@knot/shared/errors';
import type { SpaceRow, Store, TemplateRow } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import type { Call } from '../http/call.js';
import { wantNow } from '../spaces/schedule-rules.js';
import type { SpaceWishes } from '../spaces/space-wishes.js';
import type {
  RollOutDto,
  RollOutRefusalDto,
  RolledOutDto,
  RolledOutSpaceDto,
  SpaceBehindPageDto,
  SpacesBehindQueryDto,
} from './roll-out.dto.js';
import { isBehind, type SpacesBehind } from './spaces-behind.js';

/** Spaces that one request updates. */
const MOST_AT_ONCE = 500;

export interface RollOutPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly behind: SpacesBehind;
  readonly wishes: Pick<SpaceWishes, 'wish'>;
}

/** Brings running spaces to the present version of their template: each by the same update that its owner could ask for. */
export class RollOut {
  constructor(private readonly ports: RollOutPorts) {}

  /** The spaces that were started with another version than the present one. */
  async behind(id: string, { limit = 50, cursor, location }: SpacesBehindQueryDto): Promise<SpaceBehindPageDto> {
    const { store, behind } = this.ports;
    const template = found(await store.get('template', id), 'template');
    const { rows, next } = await behind.page(template, { limit, cursor, location });
    return { present: template.present, items: await behind.described(rows), next };
  }

  async rollOut(call: Call, id: string, body: RollOutDto): Promise<RolledOutDto> {
    const { store } = this.ports;
    const template = found(await store.get('template', id), 'template');
    assertSeen(template, body.number);
    const spaces = await this.chosen(template, body);
    const all = await store.count('space', { templateId: id });
    const most = Math.max(10, Math.floor(all / 5));
    if (spaces.length > most && body.sure !== true) {
      const message = `This restarts ${spaces.length} of the ${all} spaces of ${template.name}.`;
      throw new KnotError('confirm.required', message, 'Send sure: true to update them.', { most });
    }
    const updated: RolledOutSpaceDto[] = [];
    const refused: RollOutRefusalDto[] = [];
    for (const space of spaces.slice(0, MOST_AT_ONCE)) {
      const { id: spaceId, name } = space;
      try {
        updated.push({ spaceId, name, operationId: await this.update(call, space, template) });
      } catch (error) {
        if (!isKnotError(error) || ERROR_CODES[error.code].http >= 500) throw error;
        const { code, message, hint } = error;
        refused.push({ spaceId, name, code, message, hint });
      }
    }
    return { updated, refused, left: Math.max(0, spaces.length - MOST_AT_ONCE) };
  }

  /** The id of the operation. The key of the request is not that of each update. */
  private async update(call: Call, space: SpaceRow, template: TemplateRow): Promise<string> {
    const { clock, wishes } = this.ports;
    if (!isBehind(space, template)) {
      const message = `It was not started yet, or has version ${template.present} already.`;
      throw new KnotError('state.refused', message, 'There is nothing to do.');
    }
    if (wantNow(space, clock.now()) !== 'running') {
      const hint = `It takes version ${template.present} at its next start.`;
      throw new KnotError('state.refused', 'It is not to run now.', hint);
    }
    return (await wishes.wish({ ...call, idempotency: null, ifMatch: null }, space.id, 'update')).id;
  }

  /** The spaces that are meant, in order of their names. */
  async chosen(template: TemplateRow, { to, location, spaceIds }: RollOutDto): Promise<readonly SpaceRow[]> {
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

function assertSeen({ name, present }: TemplateRow, seen: number): void {
  if (seen === present) return;
  const message = `You have seen version ${seen} of ${name}; by now its present one is ${present}.`;
  throw new KnotError('resource.version', message, 'Look at what differs and repeat it.', { present });
}

function missing(field: string): KnotError {
  return new KnotError('input.invalid', `${field} is missing.`, 'Say to which spaces the version is to go.', { field });
}
