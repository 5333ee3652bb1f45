interface UnderWay {
  calls: number;
  /** Registrations that came in the stream meanwhile, by index: one of them may be such a call's. */
  readonly held: Map<number, () => void>;
}

/** Tells a job's registration by this driver from anybody else's, whichever comes first: its answer or its event. */
export class OwnRegistrations {
  /** Of each space, at which index this driver registered its job last. */
  private readonly indexes = new Map<string, number>();
  private readonly underWay = new Map<string, UnderWay>();

  /** Runs a call that registers the job of a space and answers at which index it did. */
  async during<T extends { readonly revision: string }>(space: string, call: () => Promise<T>): Promise<T> {
    const own: UnderWay = this.underWay.get(space) ?? { calls: 0, held: new Map() };
    this.underWay.set(space, own);
    own.calls += 1;
    try {
      const answer = await call();
      const index = Number(answer.revision);
      this.indexes.set(space, index);
      own.held.delete(index);
      return answer;
    } finally {
      own.calls -= 1;
      if (own.calls === 0) {
        this.underWay.delete(space);
        for (const hint of own.held.values()) hint();
      }
    }
  }

  /** A registration came in the stream: hints at once or once it is clear that it is not this driver's own. */
  seen(space: string, index: number, hint: () => void): void {
    if (this.indexes.get(space) === index) return;
    const own = this.underWay.get(space);
    if (own) own.held.set(index, hint);
    else hint();
  }

  forget(space: string): void {
    this.indexes.delete(space);
  }
}
