/**
 * Node keeps a signal of `AbortSignal.any` that somebody listens to until it is aborted. A process of the simulation that is
 * killed aborts nothing, so that each world stayed in memory when its run was over. Here the signals that it was made
 * from hold it, and nothing else does.
 */
export function useSignalsWithoutRoots(): void {
  const followers = new WeakMap<AbortSignal, AbortController[]>();
  const follow = (signal: AbortSignal, follower: AbortController): void => {
    const known = followers.get(signal);
    if (known) return void known.push(follower);
    const all = [follower];
    followers.set(signal, all);
    signal.addEventListener('abort', () => all.forEach((one) => one.abort(signal.reason)), { once: true });
  };
  AbortSignal.any = (signals) => {
    const follower = new AbortController();
    const over = signals.find(({ aborted }) => aborted);
    if (over) follower.abort(over.reason);
    else for (const signal of signals) follow(signal, follower);
    return follower.signal;
  };
}
