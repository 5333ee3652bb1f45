import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Seconds. */
const API_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export interface OriginMetricsPorts {
  readonly eventStreams: () => number;
  /** Read at each scrape. */
  readonly leafStreams: { readonly open: number; readonly stuck: number };
}

/** What the origin tells Prometheus; all names begin with `knot_`. */
export class OriginMetrics {
  readonly registry = new Registry();
  private readonly api: Histogram<'method' | 'route' | 'status'>;
  private readonly refused: Counter<'code'>;

  constructor({ eventStreams, leafStreams }: OriginMetricsPorts) {
    collectDefaultMetrics({ register: this.registry, prefix: 'knot_' });
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
    new Gauge({
      name: 'knot_event_streams',
      help: 'Open streams of live events.',
      registers: [this.registry],
      collect() {
        this.set(eventStreams());
      },
    });
    new Gauge({
      name: 'knot_leaf_streams',
      help: 'Leaves that follow over the network.',
      registers: [this.registry],
      collect() {
        this.set(leafStreams.open);
      },
    });
    new Counter({
      name: 'knot_leaf_streams_stuck_total',
      help: 'Streams that were cut because their leaf took nothing for 10 s.',
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(leafStreams.stuck);
      },
    });
  }

  /** `route` is the pattern, never the path: it bounds the label and holds no id. */
  answered(method: string, route: string, status: number, seconds: number): void {
    this.api.observe({ method, route, status: String(status) }, seconds);
  }

  problem(code: string): void {
    this.refused.inc({ code });
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
