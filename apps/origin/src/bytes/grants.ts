import { GRANT_CONTEXT, GRANT_LIFE_MS, type Grant } from '@knot/contract';
import type { Store } from '@knot/shared/store';
import type { LocationKeys } from '../agents/location-keys.js';
import { found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import type { GrantDto, GrantRequestDto } from './grant.dto.js';
import { signClaims } from './sign-claims.js';

/** Gives people what leaves let them in by while the origin is away. */
export class Grants {
  constructor(
    private readonly parts: {
      readonly store: Store;
      readonly deeds: Deeds;
      readonly locationKeys: LocationKeys;
      readonly newId: () => string;
    },
  ) {}

  async create(call: Call, { location, holder }: GrantRequestDto): Promise<GrantDto> {
    const { store, deeds, locationKeys, newId } = this.parts;
    found(await store.get('location', location), 'location');
    const key = await locationKeys.ticketKey(location);
    const until = (await store.now()) + GRANT_LIFE_MS;
    const { actor, proofId } = call;
    const local = actor.role === 'administrator';
    const claims: Grant = { key: key.id, id: newId(), location, user: actor.id, proof: proofId, holder, local, until };
    const grant = signClaims(claims, key.privateKey, GRANT_CONTEXT);
    return deeds.do({ ...doerOf(call), idempotency: null }, async () => ({
      expect: [],
      writes: [],
      audit: {
        ...{ action: 'space.grant', subjectKind: 'location', subjectId: location, location },
        details: { grant: claims.id, until },
      },
      answer: { grant, expiresAt: until },
    }));
  }
}
