/** Runs `work` on each item, `callers` at a time; rejects with the first failure. */
export async function inParallel<T>(callers: number, items: readonly T[], work: (item: T) => Promise<unknown>) {
  const waiting = items.values();
  const caller = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: callers }, caller));
}
