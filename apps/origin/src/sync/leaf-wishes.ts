import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { Actor } from '@knot/domain';
import { isKnotError, KnotError } from '@knot/shared/errors';
import type { SpaceRow, Store } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import { heldBy } from '../roles/grants.js';
import type { SpaceWishes } from '../spaces/space-wishes.js';
import type { KnownLeaf } from './caller.js';
import type { SyncRefusal } from './enroll-leaf.js';

type Wish = 'start' | 'stop';

/**
 * What somebody says at a location's backend about one of its spaces (ADR 0037). Who that was, only the backend knows: it
 * is done with the rights and the quota of the space's owner, and only where an administrator allowed it for the location.
 */
export class LeafWishes {
  private wishes: Pick<SpaceWishes, 'wish'> | null = null;

  constructor(
    private readonly store: Store,
    private readonly auditRefusal: (refusal: SyncRefusal) => void,
  ) {}

  /** Once the use cases are there. */
  open(wishes: Pick<SpaceWishes, 'wish'>): void {
    this.wishes = wishes;
  }

  async run(request: sync.WishRequest, { identity, address }: KnownLeaf): Promise<sync.WishResponse> {
    const { location } = identity;
    const by = request.by.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 40);
    const actor = `location:${location} by ${by || 'its backend'}`;
    try {
      const wish = wishOf(request.want);
      const space = await this.spaceOf(location, request);
      const call = {
        ...{ actor: await this.owner(space, actor), address, userAgent: '', proofId: '', idempotency: null },
        // nobody has wished anything else since
        ifMatch: space.version,
      };
      if (!this.wishes) throw new KnotError('server.unavailable', 'This origin has only just been started.');
      const { id: operationId, generation } = await this.wishes.wish(call, space.id, wish);
      return create(sync.WishResponseSchema, { operationId, generation: BigInt(generation) });
    } catch (error) {
      if (isKnotError(error)) this.auditRefusal({ actor, action: 'space.wish', location, address, error });
      throw error;
    }
  }

  private async spaceOf(location: string, { spaceId, generation }: sync.WishRequest): Promise<SpaceRow> {
    const row = found(await this.store.get('location', location), 'location');
    if (row.policy.leafWishes !== true) {
      const message = `Spaces of ${location} are not started and stopped from its backend.`;
      const hint = `An administrator allows it: knot locations policy ${location} --leaf-wishes yes`;
      throw new KnotError('access.denied', message, hint);
    }
    const space = await this.store.get('space', spaceId);
    const own = found(space?.location === location ? space : null, 'space');
    if (BigInt(own.generation) === generation) return own;
    throw new KnotError('resource.version', 'Something else was wished of this space meanwhile.', 'Look at it again.');
  }

  /** The owner, as far as rights go; in the audit the location, since nobody knows that it was the owner. */
  private async owner({ ownerId }: SpaceRow, username: string): Promise<Actor> {
    const user = found(await this.store.get('user', ownerId), 'user');
    if (!user.active) {
      throw new KnotError('state.refused', `${user.username} is deactivated.`, 'Activate the user first.');
    }
    const permissions = (await heldBy(this.store, user)).map(({ permission }) => permission);
    const { id, role, groups } = user;
    return { id, username, role, permissions, groups, via: 'token', scopes: ['spaces'], provedAt: 0 };
  }
}

function wishOf(want: sync.Want): Wish {
  if (want === sync.Want.RUNNING) return 'start';
  if (want === sync.Want.STOPPED) return 'stop';
  throw new KnotError('input.invalid', 'A leaf can wish for a space to run or to stop, for nothing else.');
}
