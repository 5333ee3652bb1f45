interface Registered {
  /** Calls under way. */
  calls: number;
  /** Of the last of them that was answered. */
  index: number;
  /** Registrations that came in the stream while calls were under way, by index: one of them may be such a call's. */
  readonly held: Map<number, () => void>;
}

/** Tells a job's registration by this driver from anybody else's, whichever comes first: its answer or its event. */
export class OwnRegistrations {
  private readonly spaces = new Map<string, Registered>();

  /** Runs a call that registers the job of a space and answers at which index it did. */
  async during<T extends { readonly revision: string }>(space: string, call: () => Promise<T>): Promise<T> {
    const of: Registered = this.spaces.get(space) ?? { calls: 0, index: 0, held: new Map() };
    this.spaces.set(space, of);
    of.calls += 1;
    try {
      const answer = await call();
      of.index = Number(answer.revision);
      of.held.delete(of.index);
      return answer;
    } finally {
      of.calls -= 1;
      if (of.calls === 0) {
        for (const hint of of.held.values()) hint();
        of.held.clear();
      }
    }
  }

  /** A registration came in the stream: hints at once or once it is clear that it is not this driver's own. */
  seen(space: string, index: number, hint: () => void): void {
    const of = this.spaces.get(space);
    if (of?.index === index) return;
    if (of && of.calls > 0) of.held.set(index, hint);
    else hint();
  }

  forget(space: string): void {
    if (this.spaces.get(space)?.calls === 0) this.spaces.delete(space);
  }
}
