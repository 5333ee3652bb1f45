import type { sync } from '@knot/contract';
import type { ServerCall } from '@knot/link';
import { KnotError } from '@knot/shared/errors';
import type { KnownLeaf } from './caller.js';
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

  async renewLease(request: sync.RenewLeaseRequest, call: ServerCall): Promise<sync.RenewLeaseResponse> {
    return this.parts.service.renewLease(request, await this.known(call));
  }

  async list(request: sync.ListRequest, call: ServerCall): Promise<sync.ListResponse> {
    return this.parts.service.list(request, await this.known(call));
  }

  async reportStatus(request: sync.ReportStatusRequest, call: ServerCall): Promise<sync.ReportStatusResponse> {
    return this.parts.service.reportStatus(request, await this.known(call));
  }

  async wish(request: sync.WishRequest, call: ServerCall): Promise<sync.WishResponse> {
    return this.parts.service.wish(request, await this.known(call));
  }

  async *watch(request: sync.WatchRequest, call: ServerCall): AsyncGenerator<sync.WatchResponse> {
    const { service, credentials, time, streams, draining } = this.parts;
    const leaf = await this.known(call);
    const revocation = new AbortController();
    const release = credentials.onRevocation(({ location, instance }) => {
      if (location === leaf.identity.location && instance === leaf.identity.instance) revocation.abort();
    });
    const signal = AbortSignal.any([call.signal, revocation.signal, draining]);
    try {
      yield* streams.counted(service.watch(request, { ...leaf, signal }));
    } finally {
      release();
    }
    if (draining.aborted) throw stopping();
    if (!call.signal.aborted) await credentials.verify(call.credential, await time.now());
  }

  private async known({ credential, address }: ServerCall): Promise<KnownLeaf> {
    const { credentials, time } = this.parts;
    return { identity: await credentials.verify(credential, await time.now()), address };
  }
}

function stopping(): KnotError {
  return new KnotError('server.unavailable', 'This origin is being stopped.', 'Come again: another one may answer.');
}
