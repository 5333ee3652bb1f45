import { fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { sync, type SyncCall, type SyncClient } from '@knot/contract';
import { KnotError } from '@knot/shared/errors';
import type { Link } from './link.js';
import type { ServedCall, SimOrigin } from './sim-origin.js';
import type { SimClock } from './sim-clock.js';
import type { SimProcess } from './sim-process.js';

export interface TransportParts {
  readonly clock: SimClock;
  readonly link: Link;
  readonly leaf: SimProcess;
  /** Whoever serves at present; null while nobody does. */
  readonly origin: () => SimOrigin | null;
}

/** The calls of one leaf over a network that delays, loses, repeats and breaks; every message goes as bytes. */
export class Transport implements SyncClient {
  private credential = '';

  constructor(private readonly parts: TransportParts) {}

  hello(request: sync.HelloRequest, call: SyncCall): Promise<sync.HelloResponse> {
    const { method } = sync.Sync;
    return this.unary(method.hello, request, call, (origin, message) => origin.service.hello(message));
  }

  enroll(request: sync.EnrollRequest, call: SyncCall): Promise<sync.EnrollResponse> {
    const { method } = sync.Sync;
    return this.unary(method.enroll, request, call, (origin, message, { credential }) =>
      origin.service.enroll(message, credential, 'simulated'),
    );
  }

  renewLease(request: sync.RenewLeaseRequest, call: SyncCall): Promise<sync.RenewLeaseResponse> {
    const { method } = sync.Sync;
    return this.unary(method.renewLease, request, call, async (origin, message, served) =>
      origin.service.renewLease(message, await origin.caller(served)),
    );
  }

  list(request: sync.ListRequest, call: SyncCall): Promise<sync.ListResponse> {
    const { method } = sync.Sync;
    return this.unary(method.list, request, call, async (origin, message, served) =>
      origin.service.list(message, await origin.caller(served)),
    );
  }

  reportStatus(request: sync.ReportStatusRequest, call: SyncCall): Promise<sync.ReportStatusResponse> {
    const { method } = sync.Sync;
    return this.unary(method.reportStatus, request, call, async (origin, message, served) =>
      origin.service.reportStatus(message, await origin.caller(served)),
    );
  }

  wish(request: sync.WishRequest, call: SyncCall): Promise<sync.WishResponse> {
    const { method } = sync.Sync;
    return this.unary(method.wish, request, call, async (origin, message, served) =>
      origin.service.wish(message, await origin.caller(served)),
    );
  }

  async *watch(request: sync.WatchRequest, call: SyncCall): AsyncGenerator<sync.WatchResponse> {
    const pipe = new Pipe<Uint8Array>();
    const { clock, link, leaf } = this.parts;
    const bytes = toBinary(sync.WatchRequestSchema, request);
    const ending = new AbortController();
    const broken = () => ending.abort();
    const unhook = link.onReset(broken);
    void leaf.died.then(broken);
    call.signal.addEventListener('abort', broken, { once: true });
    const stopped = () => pipe.fail(unreachable('The stream broke.'));
    ending.signal.addEventListener('abort', stopped, { once: true });
    clock.setTimeout(() => void this.serveWatch(bytes, pipe, ending.signal, broken), link.latency());
    try {
      for (;;) {
        const next = await leaf.gate(pipe.next());
        if (next === null) return;
        yield fromBinary(sync.WatchResponseSchema, next);
      }
    } finally {
      unhook();
      call.signal.removeEventListener('abort', broken);
      broken();
    }
  }

  useCredential(credential: string): void {
    this.credential = credential;
  }

  close(): void {
    this.credential = '';
  }

  /** One message after the other, each once the one before has arrived; a half-open link swallows them. */
  private async serveWatch(
    bytes: Uint8Array,
    pipe: Pipe<Uint8Array>,
    signal: AbortSignal,
    broken: () => void,
  ): Promise<void> {
    const { clock, link } = this.parts;
    const origin = this.parts.origin();
    if (link.cut === 'half-open') return;
    if (!origin || link.cut === 'refused' || signal.aborted) return broken();
    void origin.process.died.then(broken);
    try {
      const caller = await origin.caller({ credential: this.credential, signal });
      for await (const response of origin.service.watch(fromBinary(sync.WatchRequestSchema, bytes), caller)) {
        if (signal.aborted) return;
        if (link.loses()) return broken();
        await clock.sleep(link.latency());
        if (link.cut === 'none') pipe.put(toBinary(sync.WatchResponseSchema, response));
      }
      pipe.end();
    } catch (error) {
      pipe.fail(error);
    }
  }

  private unary<I extends DescMessage, O extends DescMessage>(
    { input, output }: { readonly input: I; readonly output: O },
    request: MessageShape<I>,
    { signal }: SyncCall,
    serve: (origin: SimOrigin, message: MessageShape<I>, served: ServedCall) => Promise<MessageShape<O>>,
  ): Promise<MessageShape<O>> {
    const { leaf, clock, link } = this.parts;
    const bytes = toBinary(input, request);
    const { credential } = this;
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      const fail = () => reject(unreachable('The connection broke.'));
      if (signal.aborted) return fail();
      signal.addEventListener('abort', fail, { once: true });
      const run = (deliver: boolean) => {
        const origin = this.parts.origin();
        if (link.cut === 'half-open') return;
        if (!origin || link.cut === 'refused' || link.loses()) return fail();
        if (deliver) void origin.process.died.then(fail);
        void serve(origin, fromBinary(input, bytes), { credential, signal: new AbortController().signal })
          .then((response) => ({ response: toBinary(output, response) }))
          .catch((error: unknown) => ({ error }))
          .then((outcome) => {
            if (!deliver) return;
            if (link.loses()) return clock.setTimeout(fail, link.latency());
            clock.setTimeout(() => {
              if (link.cut === 'half-open') return;
              if (link.cut === 'refused') fail();
              else if ('response' in outcome) resolve(outcome.response);
              else reject(outcome.error);
            }, link.latency());
          });
      };
      clock.setTimeout(() => run(true), link.latency());
      if (link.repeats()) clock.setTimeout(() => run(false), link.latency() + 4 * link.latency());
    });
    return leaf.gate(answer).then((response) => fromBinary(output, response));
  }
}

/** What one end has put and the other has not taken. */
class Pipe<T> {
  private readonly items: T[] = [];
  private over: { readonly error: unknown } | 'ended' | null = null;
  private wake: (() => void) | null = null;

  put(item: T): void {
    this.items.push(item);
    this.wake?.();
  }

  end(): void {
    this.over ??= 'ended';
    this.wake?.();
  }

  fail(error: unknown): void {
    this.over ??= { error };
    this.wake?.();
  }

  /** Null when it has ended. */
  async next(): Promise<T | null> {
    for (;;) {
      const item = this.items.shift();
      if (item !== undefined) return item;
      if (this.over === 'ended') return null;
      if (this.over) throw this.over.error;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

function unreachable(message: string): KnotError {
  return new KnotError('server.unavailable', message, 'It is tried again.');
}
