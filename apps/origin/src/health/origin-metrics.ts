import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { LocationMetrics, type LocationMetricsPorts } from './location-metrics.js';

/** Seconds. */
const API_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** How often the event loop is asked how late it is: each look wakes the process, and every 10 ms that is 0.4 % of a core. */
const LAG_LOOK_MS = 200;

export interface OriginMetricsPorts extends LocationMetricsPorts {
  readonly eventStreams: () => number;
  /** Read at each scrape. */
  readonly leafStreams: { readonly open: number; readonly stuck: number };
  readonly reports: { readonly count: number; readonly objects: number; readonly seconds: number };
}

/** What the origin tells Prometheus; all names begin with `knot_`. */
export class OriginMetrics {
  readonly registry = new Registry();
  private readonly api: Histogram<'method' | 'route' | 'status'>;
  private readonly refused: Counter<'code'>;
  private readonly locations: LocationMetrics;

  constructor(ports: OriginMetricsPorts) {
    const { eventStreams, leafStreams, reports } = ports;
    this.locations = new LocationMetrics(ports, this.registry);
    collectDefaultMetrics({ register: this.registry, prefix: 'knot_', eventLoopMonitoringPrecision: LAG_LOOK_MS });
    this.api = new Histogram({
      name: 'knot_api_request_seconds',
      help: 'Time to answer a request of the REST API, by route.',
      labelNames: ['method', 'route', 'status'],
      buckets: API_BUCKETS,
      registers: [this.registry],
    });
    this.refused = new Counter({
      name: 'knot_api_problems_total',
      help: 'Requests answered by a problem, by its code.',
      labelNames: ['code'],
      registers: [this.registry],
    });
    this.gauge('knot_event_streams', 'Open streams of live events.', eventStreams);
    this.gauge('knot_leaf_streams', 'Leaves that follow over the network.', () => leafStreams.open);
    this.counter(
      'knot_leaf_streams_stuck_total',
      'Streams that were cut because their leaf took nothing for 10 s.',
      () => leafStreams.stuck,
    );
    this.counter('knot_reports_total', 'Reports of leaves, each stored in one transaction.', () => reports.count);
    this.counter('knot_report_objects_total', 'Objects that these reports named.', () => reports.objects);
    this.counter('knot_report_seconds_total', 'Time to store them.', () => reports.seconds);
  }

  /** `route` is the pattern, never the path: it bounds the label and holds no id. */
  answered(method: string, route: string, status: number, seconds: number): void {
    this.api.observe({ method, route, status: String(status) }, seconds);
  }

  problem(code: string): void {
    this.refused.inc({ code });
  }

  async text(): Promise<string> {
    await this.locations.update();
    return this.registry.metrics();
  }

  private gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** Of a sum that somebody else keeps. */
  private counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}
