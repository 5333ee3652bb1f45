import type { Clock } from '@knot/shared';
import type { Store } from '@knot/shared/store';
import type { Deed } from '../deeds/deed.js';
import { wishWrites } from '../spaces/wish-writes.js';

/** Streams touched by one commit stay few, and its size bounded. */
const AT_ONCE = 200;

/** The part of a commit that stops a user's running spaces, at most 200 of them. */
export async function stopAllOf(
  store: Store,
  ownerId: string,
  actorId: string,
  ports: { readonly clock: Clock; readonly newId: () => string },
): Promise<Required<Pick<Deed<unknown>, 'expect' | 'writes' | 'log'>>> {
  const { rows } = await store.page('space', { where: { ownerId, want: 'running' }, limit: AT_ONCE });
  const parts = rows.map((row) =>
    wishWrites(row, { want: 'stopped' }, { kind: 'space.stop', actorId, id: ports.newId(), at: ports.clock.now() }),
  );
  return {
    expect: parts.flatMap((part) => part.expect),
    writes: parts.flatMap((part) => part.writes),
    log: parts.flatMap((part) => part.log),
  };
}
