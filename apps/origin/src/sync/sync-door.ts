import type { sync } from '@knot/contract';
import type { ServerCall } from '@knot/link';
import { KnotError } from '@knot/shared/errors';
import type { SyncCaller } from './caller.js';
import type { LeafCredentials } from './leaf-credentials.js';
import type { LeafStreams } from './leaf-streams.js';
import type { StoreTime } from './store-time.js';
import type { SyncService } from './sync-service.js';

export interface SyncDoorParts {
  readonly service: SyncService;
  readonly credentials: LeafCredentials;
  readonly time: StoreTime;
  readonly streams: LeafStreams;
  /** Aborted when this origin is about to end: leaves are to come again, perhaps to another one. */
  readonly draining: AbortSignal;
}

/** Every call but Hello and Enroll needs a credential; a revocation cuts what runs. */
export class SyncDoor {
  constructor(private readonly parts: SyncDoorParts) {}

  async hello(request: sync.HelloRequest): Promise<sync.HelloResponse> {
    if (this.parts.draining.aborted) throw stopping();
    return this.parts.service.hello(request);
  }

  enroll(request: sync.EnrollRequest, { credential, address }: ServerCall): Promise<sync.EnrollResponse> {
    return this.parts.service.enroll(request, credential, address);
  }

  renewLease(request: sync.RenewLeaseRequest, call: ServerCall): Promise<sync.RenewLeaseResponse> {
    return this.withCaller(call, (caller) => this.parts.service.renewLease(request, caller));
  }

  list(request: sync.ListRequest, call: ServerCall): Promise<sync.ListResponse> {
    return this.withCaller(call, (caller) => this.parts.service.list(request, caller));
  }

  reportStatus(request: sync.ReportStatusRequest, call: ServerCall): Promise<sync.ReportStatusResponse> {
    return this.withCaller(call, (caller) => this.parts.service.reportStatus(request, caller));
  }

  wish(request: sync.WishRequest, call: ServerCall): Promise<sync.WishResponse> {
    return this.withCaller(call, (caller) => this.parts.service.wish(request, caller));
  }

  async *watch(request: sync.WatchRequest, call: ServerCall): AsyncGenerator<sync.WatchResponse> {
    const { service, credentials, time, streams, draining } = this.parts;
    const caller = await this.authenticated(call);
    try {
      yield* streams.counted(service.watch(request, caller));
    } finally {
      caller.release();
    }
    if (draining.aborted) throw stopping();
    if (!call.signal.aborted) await credentials.verify(call.credential, await time.now());
  }

  private async authenticated(call: ServerCall): Promise<SyncCaller & { release(): void }> {
    const { credentials, time, draining } = this.parts;
    const identity = await credentials.verify(call.credential, await time.now());
    const abort = new AbortController();
    const release = credentials.onRevocation((revoked) => {
      if (revoked.location === identity.location && revoked.instance === identity.instance) abort.abort();
    });
    const signal = AbortSignal.any([call.signal, abort.signal, draining]);
    return { identity, address: call.address, signal, release };
  }

  private async withCaller<T>(call: ServerCall, run: (caller: SyncCaller) => Promise<T>): Promise<T> {
    const caller = await this.authenticated(call);
    try {
      return await run(caller);
    } finally {
      caller.release();
    }
  }
}

function stopping(): KnotError {
  return new KnotError('server.unavailable', 'This origin is being stopped.', 'Come again: another one may answer.');
}
