import { may } from '@knot/domain';
import type { Clock } from '@knot/shared';
import type { OfferRow, SpaceRow, Store } from '@knot/shared/store';
import { assertMay, found } from '../deeds/check.js';
import type { Call } from '../http/call.js';
import type { OfferDto, OfferListDto } from './offer.dto.js';

/** Nobody is offered more than this at once, and no space is offered to more people. */
export const MOST_OFFERS = 100;

/** Offers as the two sides of them see them. */
export class OfferViews {
  constructor(
    private readonly store: Store,
    private readonly clock: Pick<Clock, 'now'>,
  ) {}

  async list(call: Call, spaceId: string | undefined): Promise<OfferListDto> {
    const { store } = this;
    if (spaceId !== undefined) {
      const space = found(await store.get('space', spaceId), 'space');
      assertMay(call, 'space.read', this.clock.now(), space);
      const { rows } = await store.page('offer', { where: { spaceId }, limit: MOST_OFFERS });
      return { items: await this.describe(rows.filter((row) => this.sees(call, row, space))) };
    }
    const { id } = call.actor;
    const [mine, theirs] = await Promise.all([
      store.page('offer', { where: { userId: id }, limit: 500 }),
      store.page('offer', { where: { fromId: id }, limit: 500 }),
    ]);
    const rows = new Map([...mine.rows, ...theirs.rows].map((row) => [row.id, row]));
    return { items: await this.describe([...rows.values()]) };
  }

  /** As the viewer may see it; null where it is not theirs to see, or gone. */
  async one(call: Call, id: string): Promise<OfferDto | null> {
    const row = await this.store.get('offer', id);
    const space = row && (await this.store.get('space', row.spaceId));
    if (!space || !this.sees(call, row, space)) return null;
    const [dto] = await this.describe([row]);
    return dto ?? null;
  }

  /** Both sides of an offer see it, the owner of the space, and whoever sees all spaces. */
  private sees({ actor }: Call, { userId, fromId }: OfferRow, { ownerId }: SpaceRow): boolean {
    if ([userId, fromId, ownerId].includes(actor.id)) return true;
    return may(actor, 'space.of-others', this.clock.now()).granted;
  }

  /** Oldest first; without those whose space or receiver is gone. */
  private async describe(rows: readonly OfferRow[]): Promise<OfferDto[]> {
    const { store } = this;
    const spaces = byId(await store.getMany('space', distinct(rows.map(({ spaceId }) => spaceId))));
    const templateIds = [...spaces.values()].map(({ templateId }) => templateId);
    const userIds = rows.flatMap(({ userId, fromId }) => [userId, fromId]);
    const ownerIds = [...spaces.values()].map(({ ownerId }) => ownerId);
    const [templates, users] = await Promise.all([
      store.getMany('template', distinct(templateIds)).then(byId),
      store.getMany('user', distinct([...userIds, ...ownerIds])).then(byId),
    ]);
    const person = (id: string) => ({ id, username: users.get(id)?.username ?? '' });
    return [...rows]
      .sort((a, b) => a.createdAt - b.createdAt)
      .flatMap((row) => {
        const space = spaces.get(row.spaceId);
        if (!space || !users.has(row.userId)) return [];
        const { id, deed, state, createdAt, version } = row;
        const template = templates.get(space.templateId)?.name ?? '';
        const owner = person(space.ownerId);
        const { name, location } = space;
        return {
          ...{ id, deed, state, createdAt, version },
          space: { id: space.id, name, location, template, owner },
          from: person(row.fromId),
          to: person(row.userId),
        };
      });
  }
}

function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}

function byId<T extends { readonly id: string }>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
