import type { Clock, TimerHandle } from './clock.js';
import type { Run } from './entry.js';

/** Waits for runs to end by themselves, then aborts them, then leaves them. */
export class Drain {
  private readonly ending = Promise.withResolvers<void>();
  private timer: TimerHandle | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly runs: readonly Run[],
    wait: { drainMs: number; abortGraceMs: number },
  ) {
    this.timer = clock.setTimeout(() => this.abort(wait.abortGraceMs), wait.drainMs);
    void Promise.all(runs.map((run) => run.ended.promise)).then(() => this.end());
  }

  get done(): Promise<void> {
    return this.ending.promise;
  }

  /** Waits no longer. */
  end(): void {
    if (this.timer !== undefined) this.clock.clearTimeout(this.timer);
    this.timer = undefined;
    this.ending.resolve();
  }

  private abort(graceMs: number): void {
    this.timer = this.clock.setTimeout(() => this.end(), graceMs);
    for (const run of this.runs) {
      run.interrupted = true;
      run.abort.abort(new Error('the engine is stopping'));
    }
  }
}
