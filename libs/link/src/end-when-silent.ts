/** How often the other end is asked, and how long it has to answer, ms. */
interface Asking {
  readonly everyMs: number;
  readonly withinMs: number;
}

/** As far as a session of HTTP/2 is one. */
interface Session {
  readonly destroyed: boolean;
  ping(heard: () => void): boolean;
}

/**
 * Calls `end` where the other end of a connection does not answer in time, or where its session is gone and its socket never
 * said so. Answers with what stops the asking.
 */
export function endWhenSilent(session: Session, { everyMs, withinMs }: Asking, end: () => void): () => void {
  let late: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(late);
    late = undefined;
  };
  const timer = setInterval(() => {
    // it would throw
    if (session.destroyed) return end();
    // the answer before it is still waited for
    if (late) return;
    late = setTimeout(end, withinMs);
    if (!session.ping(heard)) heard();
  }, everyMs);
  return () => {
    clearInterval(timer);
    heard();
  };
}
