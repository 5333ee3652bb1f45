import { sign } from 'node:crypto';
import { terminalPath, TICKET_LIFE_MS, type TicketAction, type TicketClaims } from '@knot/contract';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { SpaceRow, Store } from '@knot/shared/store';
import type { LocationKeys } from '../agents/location-keys.js';
import { assertMay, found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import type { TicketDto } from './ticket.dto.js';

/** Signs what leaves let people in by. The key of each location never leaves the origin. */
export class SpaceTickets {
  constructor(
    private readonly parts: {
      readonly store: Store;
      readonly deeds: Deeds;
      readonly clock: Clock;
      readonly newId: () => string;
      readonly locationKeys: LocationKeys;
      readonly webgl: boolean;
    },
  ) {}

  async create(call: Call, id: string, action: TicketAction): Promise<TicketDto> {
    const { store, deeds, clock, newId, locationKeys, webgl } = this.parts;
    const space = found(await store.get('space', id), 'space');
    assertMay(call, 'space.enter', clock.now(), space);
    await this.assertEnterable(call, space);
    const key = await locationKeys.ticketKey(space.location);
    // The database's clock: a leaf compares with its own, and the origin's may be any of several.
    const until = (await store.now()) + TICKET_LIFE_MS;
    const { location } = space;
    const claims = { key: key.id, id: newId(), location, space: id, user: call.actor.id, action, until };
    const answer = { ticket: '', path: terminalPath(id), expiresAt: until, webgl };
    // A ticket is no answer to keep: each request gets one of its own, whatever its key.
    return deeds.do({ ...doerOf(call), idempotency: null }, async () => ({
      expect: [],
      writes: [],
      audit: {
        ...{ action: 'space.enter', subjectKind: 'space', subjectId: id, location },
        details: { name: space.name, by: action },
      },
      answer: { ...answer, ticket: signed(claims, key.privateKey) },
    }));
  }

  private async assertEnterable(call: Call, space: SpaceRow): Promise<void> {
    if (space.want !== 'running') {
      throw new KnotError('state.refused', `${space.name} does not run.`, 'Start it first.');
    }
    const template = await this.parts.store.get('template', space.templateId);
    // Under the leaf's own unix user whoever gets in can do what the leaf can.
    if (template?.platform === 'local' && call.actor.role !== 'administrator') {
      const message = 'Spaces on the machine of the leaf itself are entered by administrators only.';
      throw new KnotError('access.denied', message, 'Use a template of another platform.');
    }
  }
}

function signed(claims: TicketClaims, key: Parameters<typeof sign>[2]): string {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${body}.${sign(null, Buffer.from(body), key).toString('base64url')}`;
}
