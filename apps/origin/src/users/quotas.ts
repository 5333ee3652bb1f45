import { effectiveLimits, isLimited, quotaProblem, usageOf, type CountedSpace, type Limits } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { Expectation, GroupRow, SpaceRow, Store, UserRow, Write } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import { wantNow } from '../spaces/schedule-rules.js';
import type { LimitsDto, QuotaDto } from './limits.dto.js';

const PAGE = 500;

function limitsDto({ maxSpaces, maxRunning, computeUnits, storageUnits }: Limits): LimitsDto {
  return { maxSpaces, maxRunning, computeUnits, storageUnits };
}

/** What users and their groups may have, and what they have. */
export class Quotas {
  constructor(
    private readonly store: Store,
    private readonly clock: { now(): number },
  ) {}

  private async groupsOf(user: Pick<UserRow, 'groups'>): Promise<readonly GroupRow[]> {
    return user.groups.length === 0 ? [] : this.store.getMany('group', user.groups);
  }

  async limitsOf(user: UserRow): Promise<Limits> {
    return effectiveLimits(user, await this.groupsOf(user));
  }

  async isLimited(user: UserRow): Promise<boolean> {
    return isLimited(await this.limitsOf(user));
  }

  /** Limits and use, and where the limits come from. */
  async describe(userId: string): Promise<QuotaDto> {
    const user = found(await this.store.get('user', userId), 'user');
    const [groups, spaces] = await Promise.all([this.groupsOf(user), this.spacesOf(userId)]);
    return {
      limits: effectiveLimits(user, groups),
      used: usageOf(spaces),
      own: limitsDto(user),
      groups: groups.map((group) => ({ ...limitsDto(group), id: group.id, name: group.name })),
    };
  }

  /**
   * What a commit needs that makes a space of the owner what `next` is. Two commits that count the same spaces meet at
   * the guard row. Throws `quota.exceeded`.
   */
  async reserve(
    owner: UserRow,
    next: CountedSpace,
  ): Promise<{ readonly expect: readonly Expectation[]; readonly writes: readonly Write[] }> {
    const limits = await this.limitsOf(owner);
    if (!isLimited(limits)) return { expect: [], writes: [] };
    const id = `quota:${owner.id}`;
    // the guard first: what is counted after it was read is at least as new
    const guard = await this.store.get('guard', id);
    const spaces = await this.spacesOf(owner.id);
    const others = spaces.filter((space) => space.id !== next.id);
    const present = usageOf(spaces);
    const problem = quotaProblem(limits, present, usageOf([...others, next]));
    if (problem) {
      const { limit, message } = problem;
      const hint = limit === 'maxRunning' || limit === 'computeUnits' ? 'Stop a space' : 'Delete a space';
      throw new KnotError('quota.exceeded', message, `${hint}, or ask an administrator for more.`, {
        quota: limit,
        used: present[limit],
        limit: limits[limit],
      });
    }
    return {
      expect: [{ kind: 'guard', id, version: guard?.version ?? 0 }],
      writes: [{ put: 'guard', row: { id, touchedAt: this.clock.now() } }],
    };
  }

  private async spacesOf(ownerId: string): Promise<readonly SpaceRow[]> {
    const all: SpaceRow[] = [];
    for (let after: string | undefined; ;) {
      const { rows, next } = await this.store.page('space', { where: { ownerId }, limit: PAGE, after });
      // a run that its schedule has ended takes nothing more
      all.push(...rows.map((row) => ({ ...row, want: wantNow(row, this.clock.now()) })));
      if (next === null) return all;
      after = next;
    }
  }
}
