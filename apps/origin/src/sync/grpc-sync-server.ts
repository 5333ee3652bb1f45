import { sync } from '@knot/contract';
import { createGrpcServer, serviceDefinition, streaming, unary, type ServerCall } from '@knot/link';
import { KnotError } from '@knot/shared/errors';
import type { Server } from '@grpc/grpc-js';
import type { SyncCaller } from './caller.js';
import type { LeafCredentials } from './leaf-credentials.js';
import type { LeafStreams } from './leaf-streams.js';
import type { StoreTime } from './store-time.js';
import type { SyncService } from './sync-service.js';

/** The sync service on gRPC. Every call but Hello and Enroll needs a credential; a revocation cuts what runs. */
export function createGrpcSyncServer(
  service: SyncService,
  credentials: LeafCredentials,
  time: StoreTime,
  streams: LeafStreams,
  /** Aborted when this origin is about to end: leaves are to come again, perhaps to another one. */
  draining: AbortSignal,
): Server {
  const authenticated = async (call: ServerCall): Promise<SyncCaller & { release(): void }> => {
    const identity = await credentials.verify(call.credential, await time.now());
    const abort = new AbortController();
    const unsubscribe = credentials.onRevocation((revoked) => {
      if (revoked.location === identity.location && revoked.instance === identity.instance) abort.abort();
    });
    const signal = AbortSignal.any([call.signal, abort.signal, draining]);
    return { identity, address: call.address, signal, release: unsubscribe };
  };
  const withCaller = async <T>(call: ServerCall, run: (caller: SyncCaller) => Promise<T>): Promise<T> => {
    const caller = await authenticated(call);
    try {
      return await run(caller);
    } finally {
      caller.release();
    }
  };
  async function* watch(request: sync.WatchRequest, call: ServerCall): AsyncGenerator<sync.WatchResponse> {
    const caller = await authenticated(call);
    try {
      yield* streams.counted(service.watch(request, caller));
    } finally {
      caller.release();
    }
    if (draining.aborted) throw stopping();
    if (!call.signal.aborted) await credentials.verify(call.credential, await time.now());
  }
  const server = createGrpcServer();
  server.addService(serviceDefinition(sync.Sync), {
    hello: unary<sync.HelloRequest>((request) => {
      if (draining.aborted) throw stopping();
      return service.hello(request);
    }),
    enroll: unary<sync.EnrollRequest>((request, call) => service.enroll(request, call.credential, call.address)),
    renewLease: unary<sync.RenewLeaseRequest>((request, call) =>
      withCaller(call, (caller) => service.renewLease(request, caller)),
    ),
    list: unary<sync.ListRequest>((request, call) => withCaller(call, (caller) => service.list(request, caller))),
    watch: streaming<sync.WatchRequest>(watch, { onStuck: () => streams.noteStuck() }),
    reportStatus: unary<sync.ReportStatusRequest>((request, call) =>
      withCaller(call, (caller) => service.reportStatus(request, caller)),
    ),
    wish: unary<sync.WishRequest>((request, call) => withCaller(call, (caller) => service.wish(request, caller))),
  });
  return server;
}

function stopping(): KnotError {
  return new KnotError('server.unavailable', 'This origin is being stopped.', 'Come again: another one may answer.');
}
