import type { Commit, Store, Write } from '@knot/shared/store';

const PAGE = 500;

/** The writes that end a user's sessions and tokens, one session apart. */
export async function endProofs(store: Store, userId: string, exceptSession = ''): Promise<readonly Write[]> {
  const [sessions, tokens] = await Promise.all([ids(store, 'session', userId), ids(store, 'token', userId)]);
  return [
    ...sessions.filter((id) => id !== exceptSession).map((id) => ({ delete: 'session' as const, id })),
    ...tokens.map((id) => ({ delete: 'token' as const, id })),
  ];
}

/** What ends of sessions and tokens are told to: leaves let nobody in by them any more. */
export function proofsLog(writes: readonly Write[]): NonNullable<Commit['log']> {
  return writes.flatMap((write) => {
    if (!('delete' in write) || (write.delete !== 'session' && write.delete !== 'token')) return [];
    return [{ stream: 'proofs' as const, kind: write.delete, id: write.id, op: 'delete' as const }];
  });
}

async function ids(store: Store, kind: 'session' | 'token', userId: string): Promise<readonly string[]> {
  const all: string[] = [];
  for (let after: string | undefined; ;) {
    const { rows, next } = await store.page(kind, { where: { userId }, limit: PAGE, after });
    all.push(...rows.map((row) => row.id));
    if (next === null) return all;
    after = next;
  }
}
