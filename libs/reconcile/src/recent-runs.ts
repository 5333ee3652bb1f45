/** When each key last ran, for as long as that can keep a resync quiet. */
export class RecentRuns {
  private readonly endedAt = new Map<string, number>();

  constructor(private readonly quietMs: number) {}

  note(key: string, now: number): void {
    if (this.quietMs > 0) this.endedAt.set(key, now);
  }

  isQuiet(key: string, now: number): boolean {
    const endedAt = this.endedAt.get(key);
    return endedAt !== undefined && now - endedAt < this.quietMs;
  }

  forget(key: string): void {
    this.endedAt.delete(key);
  }

  /** Drops what no longer matters; called once per round, so that the memory follows the live keys. */
  prune(now: number): void {
    for (const key of this.endedAt.keys()) if (!this.isQuiet(key, now)) this.endedAt.delete(key);
  }
}
