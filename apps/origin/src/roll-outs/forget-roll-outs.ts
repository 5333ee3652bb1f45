import type { Commit, Store } from '@knot/shared/store';

const PAGE = 200;

/** Those that are over and were begun before then, with what they knew of their spaces. */
export async function forgetRollOuts(
  store: Store,
  commit: (commit: Commit) => Promise<void>,
  before: number,
): Promise<void> {
  const { rows } = await store.page('rollOut', { sort: { field: 'createdAt' }, limit: PAGE });
  const over = rows.filter(({ state, createdAt }) => (state === 'done' || state === 'ended') && createdAt < before);
  for (const { id } of over) {
    for (;;) {
      const spaces = await store.page('rollOutSpace', { where: { rollOutId: id }, limit: PAGE });
      if (spaces.rows.length === 0) break;
      await commit({ expect: [], writes: spaces.rows.map((row) => ({ delete: 'rollOutSpace', id: row.id })) });
    }
    await commit({ expect: [], writes: [{ delete: 'rollOut', id }] });
  }
}
