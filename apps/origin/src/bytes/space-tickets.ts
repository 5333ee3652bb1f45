import { bytesPath, type StreamAction } from '@knot/contract';
import type { Clock } from '@knot/shared';
import type { Store } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import type { HostKeys } from '../ssh/host-keys.js';
import { assertEnterable } from './assert-enterable.js';
import type { BrowserPermissions } from './browser-permissions.js';
import type { SignTicket } from './sign-ticket.js';
import type { TicketDto } from './ticket.dto.js';

type DirectTo = Pick<TicketDto, 'direct' | 'directFingerprint' | 'directPermission'>;

/** Gives people what leaves let them in by. */
export class SpaceTickets {
  constructor(
    private readonly parts: {
      readonly store: Store;
      readonly deeds: Deeds;
      readonly clock: Clock;
      readonly sign: SignTicket;
      readonly hostKeys: HostKeys;
      readonly permissions: BrowserPermissions;
      /** `server.url` */
      readonly url: string;
      readonly webgl: boolean;
    },
  ) {}

  async create(call: Call, id: string, action: StreamAction): Promise<TicketDto> {
    const { store, deeds, sign, hostKeys, webgl } = this.parts;
    const space = found(await store.get('space', id), 'space');
    await assertEnterable(this.parts, call.actor, space);
    const { location } = space;
    const wanted = { location, space: id, user: call.actor.id, action, proof: call.proofId };
    const { ticket, until } = await sign(wanted);
    const hostKey = action === 'terminal' ? '' : await hostKeys.publicKeyOf(space);
    const answer = {
      ticket: '',
      path: bytesPath(id, action),
      expiresAt: until,
      webgl,
      hostKey,
      location,
      ...(await this.directTo(location)),
    };
    // A ticket is no answer to keep: each request gets one of its own, whatever its key.
    return deeds.do({ ...doerOf(call), idempotency: null }, async () => ({
      expect: [],
      writes: [],
      audit: {
        ...{ action: 'space.enter', subjectKind: 'space', subjectId: id, location },
        details: { name: space.name, by: action },
      },
      answer: { ...answer, ticket },
    }));
  }

  private async directTo(location: string): Promise<DirectTo> {
    const { directUrl: direct = '', directFingerprint = '' } =
      (await this.parts.store.get('locationStatus', location))?.facts ?? {};
    const { permissions, url } = this.parts;
    return { direct, directFingerprint, directPermission: direct && (await permissions.between(url, direct)) };
  }
}
