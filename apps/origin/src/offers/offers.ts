import { may } from '@knot/domain';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { NewRow, OfferRow, SpaceRow, Store, UserRow } from '@knot/shared/store';
import { assertMay, assertVersion, found } from '../deeds/check.js';
import type { Deed } from '../deeds/deed.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import { claim, offerName } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import type { SpaceViews } from '../spaces/space-views.js';
import type { SpaceDetailDto } from '../spaces/space.dto.js';
import { MOST_OFFERS, type OfferViews } from './offer-views.js';
import type { OfferDto } from './offer.dto.js';
import { endOf, sharedWrites } from './offer-writes.js';
import type { Transfer } from './transfer.js';

export interface OffersPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly views: OfferViews;
  readonly spaces: SpaceViews;
  readonly transfer: Transfer;
}

/** Spaces change hands, or get more hands, by the word of both sides. */
export class Offers {
  constructor(private readonly ports: OffersPorts) {}

  async offer(call: Call, spaceId: string, deed: OfferRow['deed'], user: string): Promise<OfferDto> {
    const { store, deeds, clock, newId } = this.ports;
    const id = newId();
    const made = await deeds.do(doerOf(call), async () => {
      const space = found(await store.get('space', spaceId), 'space');
      assertMay(call, `space.${deed}`, clock.now(), space);
      assertOfferable(space);
      const receiver = await this.receiver(user, space);
      await this.assertNotTooMany(space, receiver);
      const row: NewRow<'offer'> = {
        ...{ id, deed, spaceId, userId: receiver.id, fromId: call.actor.id },
        state: 'open',
        createdAt: clock.now(),
      };
      return {
        expect: [
          { kind: 'offer', id, version: 0 },
          // it is not given away, and the receiver does not leave, in the same moment
          { kind: 'space', id: spaceId, version: space.version },
          { kind: 'user', id: receiver.id, version: receiver.version },
        ],
        unique: [claim(offerName(row), id)],
        writes: [{ put: 'offer', row }],
        log: [{ stream: 'events', kind: 'offer', id, op: 'put' }],
        audit: auditOf('offer', row, space, { to: receiver.username }),
        answer: { id },
        taken:
          deed === 'share'
            ? `${space.name} was offered to ${receiver.username} before.`
            : `${space.name} was offered to somebody before.`,
      };
    });
    return this.view(call, made.id);
  }

  /** Only the receiver agrees. */
  async accept(call: Call, id: string): Promise<SpaceDetailDto> {
    const { store, deeds, transfer, spaces } = this.ports;
    const { spaceId } = await deeds.do(doerOf(call), async (): Promise<Deed<{ spaceId: string }>> => {
      const offer = await store.get('offer', id);
      const open = found(offer?.userId === call.actor.id ? offer : null, 'offer');
      assertVersion(call, open);
      const space = found(await store.get('space', open.spaceId), 'space');
      assertOfferable(space);
      if (open.state === 'accepted') {
        throw new KnotError('state.refused', `${space.name} is shared with you already.`, 'There is nothing to do.');
      }
      const part = open.deed === 'share' ? this.share(open, space) : await transfer.writes(call, open, space);
      return { ...part, audit: auditOf('accept', open, space, part.details), answer: { spaceId: space.id } };
    });
    return spaces.get(call, spaceId);
  }

  /** The receiver declines or leaves, or whoever may offer it takes it back. */
  async end(call: Call, id: string): Promise<void> {
    const { store, deeds } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const offer = found(await store.get('offer', id), 'offer');
      const space = found(await store.get('space', offer.spaceId), 'offer');
      if (!this.mayEnd(call, offer, space)) found(null, 'offer');
      assertVersion(call, offer);
      const receiver = await store.get('user', offer.userId);
      const details = { to: receiver?.username ?? offer.userId };
      return { ...endOf(offer, space), audit: auditOf('end', offer, space, details), answer: undefined };
    });
  }

  private share(offer: OfferRow, space: SpaceRow) {
    const { version, ...rest } = offer;
    const part = sharedWrites(space, [...space.sharedWith, offer.userId]);
    return {
      expect: [...part.expect, { kind: 'offer' as const, id: offer.id, version }],
      writes: [...part.writes, { put: 'offer' as const, row: { ...rest, state: 'accepted' as const } }],
      log: [...part.log, { stream: 'events' as const, kind: 'offer' as const, id: offer.id, op: 'put' as const }],
      details: {},
    };
  }

  private mayEnd(call: Call, { userId, deed }: OfferRow, space: SpaceRow): boolean {
    if (userId === call.actor.id) return true;
    return may(call.actor, `space.${deed}`, this.ports.clock.now(), space).granted;
  }

  /** People without the permission to list users name them: whoever guesses a name learns no more than that it is one. */
  private async receiver(username: string, { ownerId }: SpaceRow): Promise<UserRow> {
    const { store } = this.ports;
    const id = await store.holder('user.name', username.toLowerCase());
    const user = id === null ? null : await store.get('user', id);
    if (!user?.active) {
      const message = `There is no active user ${username}.`;
      throw new KnotError('resource.not_found', message, 'The receiver is named by user name.');
    }
    if (user.id === ownerId) {
      throw new KnotError('input.invalid', `The space is ${username}'s own.`, 'Name somebody else.');
    }
    return user;
  }

  private async assertNotTooMany(space: SpaceRow, receiver: UserRow): Promise<void> {
    const { store } = this.ports;
    const [ofSpace, open] = await Promise.all([
      store.count('offer', { spaceId: space.id }),
      store.count('offer', { userId: receiver.id }),
    ]);
    if (ofSpace < MOST_OFFERS && open < MOST_OFFERS) return;
    const whose = ofSpace < MOST_OFFERS ? receiver.username : space.name;
    throw new KnotError('state.refused', `${whose} has ${MOST_OFFERS} offers already.`, 'End some of them first.');
  }

  private async view(call: Call, id: string): Promise<OfferDto> {
    return found(await this.ports.views.one(call, id), 'offer');
  }
}

function assertOfferable({ name, want, location }: SpaceRow): void {
  if (want === 'deleted') {
    throw new KnotError('state.refused', `${name} is being deleted.`, 'Choose another space.');
  }
  // on the machine of its user, under that user's account
  if (location.startsWith('~')) {
    const message = `${name} is on the machine of its owner, and such spaces stay with their owners.`;
    throw new KnotError('access.denied', message, 'Use a space at a location of the server.');
  }
}

function auditOf(
  what: 'offer' | 'accept' | 'end',
  { deed }: Pick<OfferRow, 'deed'>,
  { id, name, location }: SpaceRow,
  details: Readonly<Record<string, unknown>>,
): Deed<unknown>['audit'] {
  const action = `space.${deed}.${what}`;
  return { action, subjectKind: 'space', subjectId: id, location, details: { name, ...details } };
}
