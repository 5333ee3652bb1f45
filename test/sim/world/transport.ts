import { fromBinary, toBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { sync, type SyncCall, type SyncClient } from '@knot/contract';
import { KnotError } from '@knot/shared/errors';
import type { Link } from './link.js';
import type { ServingOrigin, SimOrigin } from './sim-origin.js';
import type { SimClock } from './sim-clock.js';
import type { SimProcess } from './sim-process.js';
import type { Witness } from './witness.js';

export interface TransportParts {
  readonly clock: SimClock;
  readonly link: Link;
  readonly leaf: SimProcess;
  /** Those that serve at present. */
  readonly serving: () => readonly ServingOrigin[];
  readonly witness: Witness;
}

interface ArrivedCall {
  readonly credential: string;
  readonly address: string;
  readonly signal: AbortSignal;
}

/** The calls of one leaf over a network that delays, loses, repeats and breaks; every message goes as bytes. */
export class Transport implements SyncClient {
  private credential = '';

  constructor(private readonly parts: TransportParts) {}

  hello(request: sync.HelloRequest, call: SyncCall): Promise<sync.HelloResponse> {
    const { method } = sync.Sync;
    return this.unary(method.hello, request, call, (origin, message) => origin.door.hello(message));
  }

  enroll(request: sync.EnrollRequest, call: SyncCall): Promise<sync.EnrollResponse> {
    const { method } = sync.Sync;
    return this.unary(method.enroll, request, call, (origin, message, arrived) => origin.door.enroll(message, arrived));
  }

  renewLease(request: sync.RenewLeaseRequest, call: SyncCall): Promise<sync.RenewLeaseResponse> {
    const { method } = sync.Sync;
    return this.unary(method.renewLease, request, call, (origin, message, arrived) =>
      origin.door.renewLease(message, arrived),
    );
  }

  list(request: sync.ListRequest, call: SyncCall): Promise<sync.ListResponse> {
    const { method } = sync.Sync;
    return this.unary(method.list, request, call, (origin, message, arrived) => origin.door.list(message, arrived));
  }

  reportStatus(request: sync.ReportStatusRequest, call: SyncCall): Promise<sync.ReportStatusResponse> {
    const { method } = sync.Sync;
    return this.unary(method.reportStatus, request, call, (origin, message, arrived) =>
      origin.door.reportStatus(message, arrived),
    );
  }

  wish(request: sync.WishRequest, call: SyncCall): Promise<sync.WishResponse> {
    const { method } = sync.Sync;
    return this.unary(method.wish, request, call, (origin, message, arrived) => origin.door.wish(message, arrived));
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
    const stopped = () => {
      link.origin = null;
      pipe.fail(unreachable('The stream broke.'));
    };
    ending.signal.addEventListener('abort', stopped, { once: true });
    clock.setTimeout(() => this.serveWatch(bytes, pipe, ending.signal, broken), link.latency());
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
  private serveWatch(bytes: Uint8Array, pipe: Pipe<Uint8Array>, signal: AbortSignal, broken: () => void): void {
    const { link } = this.parts;
    if (link.cut === 'half-open') return;
    const origin = this.reach();
    if (!origin || link.cut === 'refused' || signal.aborted) return broken();
    void origin.process.died.then(broken);
    origin.process.deliver(() => void this.stream(origin, bytes, pipe, signal, broken));
  }

  private async stream(
    origin: SimOrigin,
    bytes: Uint8Array,
    pipe: Pipe<Uint8Array>,
    signal: AbortSignal,
    broken: () => void,
  ): Promise<void> {
    const { clock, link, witness } = this.parts;
    const { credential } = this;
    const open = witness.streamOpened(origin.process, credential);
    try {
      const call = { credential, address: 'simulated', signal };
      for await (const response of origin.door.watch(fromBinary(sync.WatchRequestSchema, bytes), call)) {
        if (signal.aborted) return;
        if (link.loses()) return broken();
        open.freeSince = Number.POSITIVE_INFINITY;
        await origin.process.gate(clock.sleep(link.latency()));
        open.freeSince = clock.monotonic();
        if (link.cut === 'none') pipe.put(toBinary(sync.WatchResponseSchema, response));
      }
      pipe.end();
    } catch (error) {
      pipe.fail(error);
    } finally {
      witness.streamClosed(open);
    }
  }

  /** The origin that this leaf's connection ends at. */
  private reach(): SimOrigin | null {
    return this.parts.link.choose(this.parts.serving())?.origin ?? null;
  }

  private unary<I extends DescMessage, O extends DescMessage>(
    { input, output }: { readonly input: I; readonly output: O },
    request: MessageShape<I>,
    { signal }: SyncCall,
    serve: (origin: SimOrigin, message: MessageShape<I>, call: ArrivedCall) => Promise<MessageShape<O>>,
  ): Promise<MessageShape<O>> {
    const { leaf, clock, link } = this.parts;
    const bytes = toBinary(input, request);
    const { credential } = this;
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      const fail = () => {
        link.origin = null;
        reject(unreachable('The connection broke.'));
      };
      if (signal.aborted) return fail();
      signal.addEventListener('abort', fail, { once: true });
      const told = (outcome: { readonly response: Uint8Array } | { readonly error: unknown }) => {
        signal.removeEventListener('abort', fail);
        if ('response' in outcome) resolve(outcome.response);
        else reject(outcome.error);
      };
      const run = (deliver: boolean) => {
        if (link.cut === 'half-open') return;
        const origin = this.reach();
        if (!origin || link.cut === 'refused' || link.loses()) return fail();
        if (deliver) void origin.process.died.then(fail);
        const call = { credential, address: 'simulated', signal: new AbortController().signal };
        const served = () =>
          serve(origin, fromBinary(input, bytes), call)
            .then((response) => ({ response: toBinary(output, response) }))
            .catch((error: unknown) => ({ error }))
            .then((outcome) => {
              if (!deliver) return;
              if (link.loses()) return clock.setTimeout(fail, link.latency());
              clock.setTimeout(() => {
                if (link.cut === 'half-open') return;
                if (link.cut === 'refused') fail();
                else told(outcome);
              }, link.latency());
            });
        origin.process.deliver(() => void served());
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
