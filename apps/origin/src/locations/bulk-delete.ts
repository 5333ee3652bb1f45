import { KnotError, isKnotError } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';
import type { Call } from '../http/call.js';
import type { SpaceWishes } from '../spaces/space-wishes.js';
import { found } from '../deeds/check.js';
import type { BulkDeleteDto, BulkDeletedDto } from './location.dto.js';

/** Deletes many spaces of one location; a large part of it only when asked twice. */
export class BulkDelete {
  constructor(
    private readonly store: Store,
    private readonly wishes: SpaceWishes,
  ) {}

  async delete(call: Call, location: string, { spaceIds, sure = false }: BulkDeleteDto): Promise<BulkDeletedDto> {
    found(await this.store.get('location', location), 'location');
    const all = await this.store.count('space', { location });
    const most = Math.max(10, Math.floor(all / 5));
    if (spaceIds.length > most && !sure) {
      const message = `These are ${spaceIds.length} of the ${all} spaces of ${location}.`;
      throw new KnotError('confirm.required', message, 'Send sure: true to delete them with their volumes.', { most });
    }
    const rows = await this.store.getMany('space', spaceIds);
    const foreign = spaceIds.filter((id) => !rows.some((row) => row.id === id && row.location === location));
    if (foreign.length > 0) {
      const message = `${foreign.length} of these spaces are not at ${location}.`;
      throw new KnotError('resource.not_found', message, 'The list shows what there is.', { spaceIds: foreign });
    }
    const deleted: string[] = [];
    for (const { id } of rows) {
      if (await this.one(call, id)) deleted.push(id);
    }
    return { spaceIds: deleted };
  }

  /** False when somebody else's deletion was faster. */
  private async one(call: Call, id: string): Promise<boolean> {
    try {
      await this.wishes.deleteOneOfMany(call, id);
      return true;
    } catch (error) {
      if (isKnotError(error, 'resource.not_found')) return false;
      throw error;
    }
  }
}
