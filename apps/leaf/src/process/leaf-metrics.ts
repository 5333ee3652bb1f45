import type { EngineHooks } from '@knot/reconcile';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LeafState, Stage, Traffic } from '../leaf-state.js';

/** Seconds. */
const RUN_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30];
/** How often the event loop is asked how late it is: each look wakes the process, and every 10 ms that is 0.4 % of a core. */
const LAG_LOOK_MS = 200;
const STAGES: readonly Stage[] = ['stopped', 'connecting', 'enrolling', 'standby', 'listing', 'following'];

const NO_TRAFFIC: Traffic = { received: 0, reportsTaken: 0, reportsFailed: 0 };

/** What a leaf tells Prometheus; all names begin with `knot_`. Values of the leaf's state are read at the scrape. */
export class LeafMetrics {
  private readonly registry = new Registry();
  private readonly runs: Histogram<'priority' | 'outcome'>;
  private readonly retries: Counter;

  constructor(private readonly state: () => LeafState | null) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry, prefix: 'knot_', eventLoopMonitoringPrecision: LAG_LOOK_MS });
    this.runs = new Histogram({
      name: 'knot_leaf_reconcile_seconds',
      help: 'Time of a run for one object, by who asked for it and how it ended.',
      labelNames: ['priority', 'outcome'],
      buckets: RUN_BUCKETS,
      registers,
    });
    this.retries = new Counter({ name: 'knot_leaf_retries_total', help: 'Runs that failed and wait.', registers });
    this.queueGauges();
    this.sessionGauges();
    this.platformGauge();
    this.trafficCounters();
  }

  /** For the engine. */
  readonly hooks: EngineHooks = {
    runFinished: ({ priority, outcome, durationMs }) =>
      this.runs.observe({ priority, outcome: outcome.kind }, durationMs / 1_000),
    retryScheduled: () => this.retries.inc(),
  };

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private queueGauges(): void {
    const byPriority = (name: string, help: string, read: (state: LeafState) => Readonly<Record<string, number>>) =>
      this.gauge(name, help, ['priority'], (gauge, state) => {
        for (const [priority, value] of Object.entries(read(state))) gauge.set({ priority }, value);
      });
    byPriority('knot_leaf_queue_depth', 'Objects that wait for a worker.', ({ queue }) => queue.queued);
    byPriority('knot_leaf_queue_age_seconds', 'Wait of the oldest of them.', ({ queue }) => seconds(queue.oldestAgeMs));
    this.number('knot_leaf_queue_processing', 'Objects at work.', ({ queue }) => queue.processing);
    this.number('knot_leaf_queue_backing_off', 'Objects that wait after a failure.', ({ queue }) => queue.backingOff);
    this.number('knot_leaf_queue_terminal', 'Objects that failed for good.', ({ queue }) => queue.terminal);
    this.number('knot_leaf_spaces', 'Spaces of this location.', ({ spaces }) => spaces);
    this.number('knot_leaf_orphans', 'Marked objects that no row names.', ({ orphans }) => orphans);
  }

  private sessionGauges(): void {
    this.number('knot_leaf_lease_held', 'Whether the lease is held.', ({ leaseHeld }) => Number(leaseHeld));
    this.number('knot_leaf_lease_age_seconds', 'Since the renewal that counts was sent.', (state) =>
      inSeconds(state.leaseAgeMs),
    );
    this.number('knot_leaf_term', 'The term this leaf acts in.', ({ term }) => term);
    this.number(
      'knot_leaf_applied_revision',
      "The origin's revision that is stored here.",
      (state) => state.position?.rev ?? 0,
    );
    this.number('knot_leaf_stream_silence_seconds', 'Since the stream last said anything.', (state) =>
      inSeconds(state.silenceMs),
    );
    this.number('knot_leaf_relists_total', 'Listings of everything since the start.', ({ relists }) => relists);
    this.gauge('knot_leaf_stage', 'Where the leaf stands with its origin.', ['stage'], (gauge, state) => {
      for (const stage of STAGES) gauge.set({ stage }, Number(stage === state.stage));
    });
  }

  private trafficCounters(): void {
    const { state, registry } = this;
    const counter = (name: string, help: string, read: (traffic: Traffic) => number) =>
      new Counter({
        name,
        help,
        registers: [registry],
        collect() {
          this.reset();
          this.inc(read(state()?.traffic ?? NO_TRAFFIC));
        },
      });
    counter('knot_leaf_received_objects_total', 'Objects that changes brought.', ({ received }) => received);
    counter('knot_leaf_reports_taken_total', 'Reports that the origin has stored.', (of) => of.reportsTaken);
    counter('knot_leaf_reports_failed_total', 'Reports without an answer, or refused.', (of) => of.reportsFailed);
  }

  private platformGauge(): void {
    this.gauge('knot_leaf_platform_ready', 'Whether a backend answers.', ['platform'], (gauge, { platforms }) => {
      for (const { platform, ready } of platforms) gauge.set({ platform }, Number(ready));
    });
    this.gauge(
      'knot_leaf_platform_lock_held',
      "Whether a backend's lock is held.",
      ['platform'],
      (gauge, { platforms }) => {
        for (const { platform, lockHeld } of platforms) gauge.set({ platform }, Number(lockHeld));
      },
    );
  }

  private number(name: string, help: string, read: (state: LeafState) => number): void {
    this.gauge(name, help, [], (gauge, state) => gauge.set(read(state)));
  }

  private gauge(
    name: string,
    help: string,
    labelNames: string[],
    fill: (gauge: Gauge, state: LeafState) => void,
  ): void {
    const { state } = this;
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        const now = state();
        if (now) fill(this, now);
      },
    });
  }
}

function seconds(ms: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(ms).map(([key, value]) => [key, value / 1_000]));
}

/** NaN where there is nothing to measure, so that no graph shows a false zero. */
function inSeconds(ms: number | null): number {
  return ms === null ? Number.NaN : ms / 1_000;
}
