import { KnotError } from '@knot/shared/errors';
import { connectionError } from './connection-error.js';
import { parseChange, type Change } from './parse-change.js';
import { problemOf, type SendPorts } from './send.js';
import { SseParser, type SseEvent } from './sse-parser.js';

export type News =
  /** What was known is not to be relied on: read it again. Also the first of all. */
  | { readonly kind: 'relist' }
  | { readonly kind: 'change'; readonly change: Change }
  /** The connection broke; it is being made again. */
  | { readonly kind: 'lost' };

export interface EventStreamPorts extends SendPorts {
  readonly headers: Readonly<Record<string, string>>;
}

/** From the request to the head of its answer, ms. */
const CONNECT_MS = 15_000;
/** A server sends a comment more often than this; a connection so silent is dead, ms. */
const SILENCE_MS = 60_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/**
 * The live events, for as long as the signal lets it. A connection that breaks is made again with `Last-Event-ID`, so
 * that nothing is missed. Throws when the server cannot be reached the first time, and whenever it refuses.
 */
export async function* followEvents(ports: EventStreamPorts, signal: AbortSignal): AsyncGenerator<News> {
  const parser = new SseParser();
  let pause = FIRST_PAUSE_MS;
  let reachedOnce = false;
  while (!signal.aborted) {
    let stood = false;
    try {
      const resumes = parser.lastEventId !== '';
      for await (const events of openStream(ports, parser, signal)) {
        if (events === 'open') {
          pause = FIRST_PAUSE_MS;
          stood = true;
          reachedOnce = true;
          if (!resumes) yield { kind: 'relist' };
        } else yield* events.flatMap(newsOf);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!reachedOnce || !passes(error)) throw error;
    }
    if (signal.aborted) return;
    if (stood) yield { kind: 'lost' };
    await ports.clock.sleep(Math.max(pause, parser.retryMs ?? 0), signal).catch(() => undefined);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  }
}

/** Whether it may be over in a while: the server starts anew, a proxy has lost it, too many asked at once. */
function passes(error: unknown): boolean {
  return error instanceof KnotError && (error.httpStatus >= 500 || error.httpStatus === 429);
}

function newsOf({ event, data }: SseEvent): News[] {
  // `refresh`: what the objects show is put together from others that have changed
  if (event === 'relist' || event === 'refresh') return [{ kind: 'relist' }];
  const change = event === 'change' ? parseChange(data) : undefined;
  return change === undefined ? [] : [{ kind: 'change', change }];
}

/** One connection: `open` once it stands, then the events as they come, until it ends. */
async function* openStream(
  ports: EventStreamPorts,
  parser: SseParser,
  signal: AbortSignal,
): AsyncGenerator<'open' | SseEvent[]> {
  const { server, headers } = ports;
  parser.restart();
  const dead = new AbortController();
  const watchdog = new Watchdog(ports.clock, () =>
    dead.abort(new KnotError('server.unavailable', `${server} fell silent`)),
  );
  try {
    watchdog.restart(CONNECT_MS);
    const response = await ports.fetch(`${server.replace(/\/$/, '')}/api/v1/events`, {
      headers: { ...headers, accept: 'text/event-stream', ...lastEventId(parser) },
      redirect: 'manual',
      signal: AbortSignal.any([signal, dead.signal]),
    });
    const isStream = (response.headers.get('content-type') ?? '').includes('text/event-stream');
    if (!response.ok || !isStream || response.body === null) {
      throw problemOf(response, await response.text(), server);
    }
    yield 'open';
    watchdog.restart(SILENCE_MS);
    const body: AsyncIterable<Uint8Array> = response.body;
    for await (const bytes of body) {
      watchdog.restart(SILENCE_MS);
      yield parser.push(bytes);
    }
  } catch (error) {
    throw connectionError(server, error);
  } finally {
    watchdog.stop();
    dead.abort();
  }
}

function lastEventId({ lastEventId: id }: SseParser): Record<string, string> {
  return id === '' ? {} : { 'last-event-id': id };
}

class Watchdog {
  private timer: ReturnType<EventStreamPorts['clock']['setTimeout']> | undefined;

  constructor(
    private readonly clock: EventStreamPorts['clock'],
    private readonly bite: () => void,
  ) {}

  restart(ms: number): void {
    this.stop();
    this.timer = this.clock.setTimeout(this.bite, ms);
  }

  stop(): void {
    if (this.timer !== undefined) this.clock.clearTimeout(this.timer);
    this.timer = undefined;
  }
}
