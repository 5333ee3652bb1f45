import { backoffMs } from './backoff.js';
import { Breath } from './breath.js';
import { Drain } from './drain.js';
import { ask, askAt, askWhatIsDue, clearFailures, isSpent, newEntry, nextWake, type Entry, type Run } from './entry.js';
import { completeOptions, type EngineOptions, type Settings } from './options.js';
import { againAt, soundOutcome, type Outcome } from './outcome.js';
import { highest, isUrgent, lowest, type Priority } from './priority.js';
import { ReadyQueue, type Taken } from './ready-queue.js';
import { RecentRuns } from './recent-runs.js';
import { Resync } from './resync.js';
import { readStats, type EngineStats } from './stats.js';
import { WakeUps } from './wake-ups.js';

export interface Engine {
  /**
   * Asks for a run that begins after this call, at once or, while the key backs off, when that ends; several asks before
   * it begins are one, at the highest priority. A `user` ask ends the back-off and forgets its failures.
   */
  add(key: string, priority: Priority): void;
  /** The same, `ms` from now. Of several the earliest counts, and a run that begins before them takes the place of all. */
  addAfter(key: string, ms: number, priority: Priority): void;
  /** Drops all that is known and asked of the key. A run of it that goes on is let end, and its answer is ignored. */
  forget(key: string): void;
  /** Begins to run what was added, before or since. No effect when started. */
  start(): void;
  /**
   * Begins no further run, lets those there are end, aborts them after `drainMs`, and resolves at the latest
   * `abortGraceMs` later. Nothing asked is lost: a later start goes on with it.
   */
  stop(): Promise<void>;
  /** Costs time in proportion to the live keys: for a scrape, not for a loop. */
  stats(): EngineStats;
  /** Resolves when no key is queued and none runs. Keys that wait for a moment do not count. */
  idle(): Promise<void>;
}

/** A stopped engine over `reconcile`. Throws RangeError where an option makes no sense. */
export function createEngine(options: EngineOptions): Engine {
  return new KeyedEngine(completeOptions(options));
}

class KeyedEngine implements Engine {
  private readonly entries = new Map<string, Entry>();
  private readonly ready = new ReadyQueue();
  private readonly runs = new Set<Run>();
  private readonly wakeUps: WakeUps;
  private readonly breath: Breath;
  private readonly recent: RecentRuns;
  private readonly resync: Resync | undefined;
  /** Runs that hold a worker. */
  private busy = 0;
  private started = false;
  private pumpDue = false;
  private drain: Drain | undefined;
  private idlers: (() => void)[] = [];

  constructor(private readonly settings: Settings) {
    const { clock, resync } = settings;
    this.wakeUps = new WakeUps(clock, (key) => this.wake(key));
    this.breath = new Breath(clock, () => this.pump());
    this.recent = new RecentRuns(resync?.quietMs ?? 0);
    this.resync =
      resync &&
      new Resync(resync, clock, {
        onRound: () => this.recent.prune(clock.now()),
        onDue: (key) => this.visit(key),
        onKeysFailed: (error) => this.tell(() => settings.hooks?.resyncFailed?.(error)),
      });
  }

  add(key: string, priority: Priority): void {
    const entry = this.entryOf(key);
    ask(entry, priority);
    this.place(entry);
  }

  addAfter(key: string, ms: number, priority: Priority): void {
    if (!Number.isFinite(ms)) throw new RangeError(`addAfter: ms is finite, not ${ms}`);
    const entry = this.entryOf(key);
    askAt(entry, this.settings.clock.now() + ms, priority);
    this.place(entry);
  }

  forget(key: string): void {
    const run = this.entries.get(key)?.run;
    if (run) run.forgotten = true;
    // The run stays with the key: a later ask must not overlap it.
    if (run) this.entries.set(key, { ...newEntry(key), run });
    else this.entries.delete(key);
    this.ready.delete(key);
    this.wakeUps.delete(key);
    this.resync?.forget(key);
    this.recent.forget(key);
    this.tellIdlers();
  }

  start(): void {
    if (this.started) return;
    this.started = true;
    this.drain?.end();
    this.drain = undefined;
    this.wakeUps.start();
    this.resync?.start();
    this.schedulePump();
  }

  async stop(): Promise<void> {
    if (this.started) {
      this.started = false;
      this.wakeUps.stop();
      this.resync?.stop();
      this.breath.stop();
      this.drain = new Drain(this.settings.clock, [...this.runs], this.settings);
    }
    await this.drain?.done;
  }

  stats(): EngineStats {
    return readStats(this.entries.values(), this.ready, this.settings.clock.now());
  }

  async idle(): Promise<void> {
    if (!this.isIdle()) await new Promise<void>((resolve) => this.idlers.push(resolve));
  }

  private entryOf(key: string): Entry {
    let entry = this.entries.get(key);
    if (!entry) this.entries.set(key, (entry = newEntry(key)));
    return entry;
  }

  /** Puts the key where what is asked of it belongs: in the queue, among the waiting, or out of memory. */
  private place(entry: Entry): void {
    const { key, wish, heldUntil } = entry;
    const now = this.settings.clock.now();
    let wakeAt = nextWake(entry);
    if (wish && !entry.run) {
      if (heldUntil > now) wakeAt = Math.min(wakeAt, heldUntil);
      else this.ready.put(key, wish, now);
    }
    if (wakeAt < Infinity) this.wakeUps.set(key, wakeAt);
    else this.wakeUps.delete(key);
    if (isSpent(entry)) this.entries.delete(key);
    if (this.ready.size > 0) this.schedulePump();
  }

  private wake(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    askWhatIsDue(entry, this.settings.clock.now());
    this.place(entry);
  }

  /** The periodic round. It adds nothing where a run is under way, asked for, recent, or known to be useless. */
  private visit(key: string): void {
    const entry = this.entries.get(key);
    if (entry?.run || entry?.wish || entry?.terminal) return;
    if (!this.recent.isQuiet(key, this.settings.clock.now())) this.add(key, 'resync');
  }

  /** In a microtask, so that no run begins inside the caller's `add` and all it adds at once is ordered before one begins. */
  private schedulePump(): void {
    if (!this.started || this.pumpDue) return;
    this.pumpDue = true;
    queueMicrotask(() => {
      this.pumpDue = false;
      this.pump();
    });
  }

  private pump(): void {
    while (this.started && this.busy < this.settings.workers && this.ready.size > 0) {
      const now = this.settings.clock.now();
      if (this.breath.isSpent() || (this.breath.isFull() && !isUrgent(this.ready.next(now)))) return;
      const taken = this.ready.take(now);
      if (taken) this.begin(taken);
    }
  }

  private begin({ key, priority, waitedMs }: Taken): void {
    const { clock, hooks, runDeadlineMs } = this.settings;
    const entry = this.entryOf(key);
    const attempt = entry.failures + 1;
    const run: Run = {
      priority,
      attempt,
      startedAt: clock.now(),
      turn: this.breath.begin(),
      abort: new AbortController(),
      ended: Promise.withResolvers(),
      overdue: false,
      forgotten: false,
      interrupted: false,
    };
    Object.assign(entry, { run, wish: undefined, wakes: undefined, heldUntil: 0, terminal: false });
    this.wakeUps.delete(key);
    this.runs.add(run);
    this.busy++;
    run.deadline = clock.setTimeout(() => this.abandon(key, run), runDeadlineMs);
    this.tell(() => hooks?.runStarted?.({ key, priority, attempt, waitedMs }));
    void this.execute(key, run);
  }

  private async execute(key: string, run: Run): Promise<void> {
    const { priority, attempt } = run;
    let outcome: Outcome;
    try {
      outcome = soundOutcome(await this.settings.reconcile(key, { signal: run.abort.signal, priority, attempt }));
    } catch (error) {
      outcome = { kind: 'retry', error };
    }
    this.end(key, run, outcome);
  }

  /** The deadline: the run has failed and its worker is free, but the key stays taken until the run really ends. */
  private abandon(key: string, run: Run): void {
    const error = new Error(`the run did not end within ${this.settings.runDeadlineMs} ms`);
    run.overdue = true;
    run.deadline = undefined;
    this.busy--;
    this.tellFinished(key, run, { kind: 'deadline' });
    if (!run.forgotten) this.fail(this.entryOf(key), run, error);
    run.abort.abort(error);
    this.schedulePump();
  }

  private end(key: string, run: Run, outcome: Outcome): void {
    const { clock } = this.settings;
    const entry = this.entryOf(key);
    this.runs.delete(run);
    run.turn.open -= 1;
    entry.run = undefined;
    if (!run.overdue) {
      this.busy--;
      if (run.deadline !== undefined) clock.clearTimeout(run.deadline);
      this.tellFinished(key, run, outcome);
    }
    if (!run.forgotten) this.recent.note(key, clock.now());
    if (!run.overdue && !run.forgotten) this.conclude(entry, run, outcome);
    this.place(entry);
    this.pump();
    run.ended.resolve();
    this.tellIdlers();
  }

  private conclude(entry: Entry, run: Run, outcome: Outcome): void {
    switch (outcome.kind) {
      case 'done':
        return clearFailures(entry);
      case 'again':
        clearFailures(entry);
        return askAt(
          entry,
          againAt(outcome, this.settings.clock.now()),
          outcome.priority ?? lowest(run.priority, 'status'),
        );
      case 'retry':
        return this.fail(entry, run, outcome.error);
      case 'terminal':
        entry.terminal = true;
    }
  }

  /** Asks for the run again, after a back-off unless a user has asked anew since it began. */
  private fail(entry: Entry, run: Run, error: unknown): void {
    const { backoff, random, clock, hooks } = this.settings;
    const askedAnew = entry.wish === 'user';
    entry.wish = highest(run.priority, entry.wish);
    if (askedAnew || (run.interrupted && !run.overdue)) return;
    const failures = ++entry.failures;
    const delayMs = backoffMs(failures, backoff, random);
    entry.heldUntil = clock.now() + delayMs;
    this.tell(() => hooks?.retryScheduled?.({ key: entry.key, failures, delayMs, error }));
  }

  private isIdle(): boolean {
    return this.ready.size === 0 && this.runs.size === 0;
  }

  private tellIdlers(): void {
    if (!this.isIdle()) return;
    for (const resolve of this.idlers.splice(0)) resolve();
  }

  private tellFinished(key: string, run: Run, outcome: Outcome | { kind: 'deadline' }): void {
    const { priority, attempt, startedAt } = run;
    const durationMs = this.settings.clock.now() - startedAt;
    this.tell(() => this.settings.hooks?.runFinished?.({ key, priority, attempt, durationMs, outcome }));
  }

  private tell(call: () => void): void {
    try {
      call();
    } catch {
      // Metrics that fail must not cost a key its run.
    }
  }
}
