import { parseChange, parseKind, type Change } from './parse-change.js';

export type StreamState = 'connecting' | 'open' | 'cut';

export interface StreamListener {
  onChange(change: Change): void;
  /** Something that every object of the kind shows may differ; of `me`: one's own rights. */
  onRefresh(kind: string): void;
  /** What was read before may be out of date: read everything again. */
  onRelist(): void;
  onState(state: StreamState): void;
  /** Any word of the server. */
  onWord(): void;
  /** The server refused the stream. Whoever is not signed in any more finds out by asking. */
  onRefused(): void;
}

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 15_000;
/** The server beats every 15 s; after two beats that did not come the stream is dead, whatever the browser believes. */
const SILENCE = 35_000;

/**
 * The one event stream of the page. The browser itself reconnects after a cut and tells the server where it was; where
 * the browser gave up (the server answered with an error), a new stream is tried after a growing wait.
 */
export class EventStream {
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private wait = FIRST_WAIT;
  private isOpen = false;
  private heardAt = 0;

  constructor(
    private readonly listener: StreamListener,
    private readonly url = '/api/v1/events',
  ) {}

  start(): void {
    this.listener.onState('connecting');
    this.connect();
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.watchdog);
    this.source?.close();
    this.source = null;
    this.isOpen = false;
  }

  /** Not after the wait: the network is back, or somebody looks, after a sleep of the machine perhaps. */
  hurry(): void {
    const isAlive = this.isOpen && Date.now() - this.heardAt < SILENCE;
    if (!isAlive) this.retry();
  }

  /** A new stream now. */
  retry(): void {
    this.stop();
    this.connect();
  }

  private connect(): void {
    const source = new EventSource(this.url);
    this.source = source;
    // A new source has no memory of where the one before was, and the first one none of what the page has read while it
    // was opened; a reconnect of the same source has.
    let mayHaveMissed = true;
    source.addEventListener('open', () => {
      this.wait = FIRST_WAIT;
      this.isOpen = true;
      this.heard();
      this.listener.onState('open');
      if (mayHaveMissed) this.listener.onRelist();
      mayHaveMissed = false;
    });
    source.addEventListener('change', ({ data }: MessageEvent<unknown>) => {
      this.heard();
      const change = typeof data === 'string' ? parseChange(data) : null;
      if (change) this.listener.onChange(change);
    });
    source.addEventListener('refresh', ({ data }: MessageEvent<unknown>) => {
      this.heard();
      this.listener.onRefresh(parseKind(data));
    });
    source.addEventListener('relist', () => {
      this.heard();
      this.listener.onRelist();
    });
    source.addEventListener('heartbeat', () => this.heard());
    source.addEventListener('error', () => this.failed(source));
  }

  private heard(): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.fellSilent(), SILENCE);
    this.heardAt = Date.now();
    this.listener.onWord();
  }

  private fellSilent(): void {
    this.listener.onState('cut');
    this.retry();
  }

  private failed(source: EventSource): void {
    clearTimeout(this.watchdog);
    this.isOpen = false;
    this.listener.onState('cut');
    if (source.readyState !== EventSource.CLOSED) return;
    this.listener.onRefused();
    this.timer = setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }
}
