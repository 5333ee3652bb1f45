import type { Commit, Store } from '@knot/shared/store';

const MOST = 500;

/** Ids of the spaces that others share with a user. */
export async function sharedWithUser(store: Store, userId: string): Promise<readonly string[]> {
  const { rows } = await store.page('offer', { where: { userId }, limit: MOST });
  return rows.filter(({ state }) => state === 'accepted').map(({ spaceId }) => spaceId);
}

/** Tells the leaves of spaces that are shared with a user that who may be in them differs. */
export async function sharedSpacesLog(store: Store, userId: string): Promise<NonNullable<Commit['log']>> {
  const spaces = await store.getMany('space', await sharedWithUser(store, userId));
  return spaces.map(({ id, location }) => ({ stream: `location:${location}`, kind: 'space', id, op: 'put' }));
}
