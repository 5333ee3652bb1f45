import { ROLL_OUT_SPACE_STATES, type RollOutTally } from '@knot/domain';
import type { RollOutRow, RollOutSpaceRow, Store } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import type {
  RollOutProgressDto,
  RollOutProgressPageDto,
  RollOutQueryDto,
  RollOutSpaceDto,
  RollOutSpacePageDto,
  RollOutSpaceQueryDto,
} from './roll-out-progress.dto.js';

const NEWEST = { field: 'createdAt', descending: true } as const;

export class RollOutViews {
  constructor(private readonly store: Store) {}

  async list({ limit = 50, cursor, templateId, state }: RollOutQueryDto): Promise<RollOutProgressPageDto> {
    const where = { templateId, state };
    const { rows, next } = await this.store.page('rollOut', { where, sort: NEWEST, limit, after: cursor });
    return { items: await Promise.all(rows.map((row) => this.described(row))), next };
  }

  async get(id: string): Promise<RollOutProgressDto> {
    return this.described(found(await this.store.get('rollOut', id), 'roll-out'));
  }

  async spaces(rollOutId: string, query: RollOutSpaceQueryDto): Promise<RollOutSpacePageDto> {
    const { limit = 50, cursor, state } = query;
    found(await this.store.get('rollOut', rollOutId), 'roll-out');
    const { rows, next } = await this.store.page('rollOutSpace', { where: { rollOutId, state }, limit, after: cursor });
    return { items: rows.map(spaceDto), next };
  }

  async described(row: RollOutRow): Promise<RollOutProgressDto> {
    const { actorId: _actor, address: _address, forgiven: _forgiven, patienceMs, stages, ...rest } = row;
    const [template, counts] = await Promise.all([
      this.store.get('template', row.templateId),
      tally(this.store, row.id),
    ]);
    return {
      ...rest,
      stages: [...stages],
      patienceMinutes: patienceMs / 60_000,
      template: template?.name ?? '',
      counts: { ...counts },
    };
  }
}

/** How many of its spaces are in which state, of one stage or of all. */
export async function tally(store: Store, rollOutId: string, stage?: number): Promise<RollOutTally> {
  const count = (state: string) => store.count('rollOutSpace', { rollOutId, state, stage });
  const [waiting = 0, updating = 0, done = 0, failed = 0, refused = 0, skipped = 0] = await Promise.all(
    ROLL_OUT_SPACE_STATES.map(count),
  );
  return { waiting, updating, done, failed, refused, skipped };
}

function spaceDto({ id: _id, rollOutId: _of, version: _version, ...row }: RollOutSpaceRow): RollOutSpaceDto {
  return row;
}
