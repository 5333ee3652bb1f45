import { sync } from '@knot/contract';
import { createGrpcServer, serviceDefinition, streaming, unary } from '@knot/link';
import type { Server } from '@grpc/grpc-js';
import type { LeafStreams } from './leaf-streams.js';
import type { SyncDoor } from './sync-door.js';

/** The sync service on gRPC. */
export function createGrpcSyncServer(door: SyncDoor, streams: LeafStreams): Server {
  const server = createGrpcServer();
  server.addService(serviceDefinition(sync.Sync), {
    hello: unary<sync.HelloRequest>((request) => door.hello(request)),
    enroll: unary<sync.EnrollRequest>((request, call) => door.enroll(request, call)),
    renewLease: unary<sync.RenewLeaseRequest>((request, call) => door.renewLease(request, call)),
    list: unary<sync.ListRequest>((request, call) => door.list(request, call)),
    watch: streaming<sync.WatchRequest>((request, call) => door.watch(request, call), {
      onStuck: () => streams.noteStuck(),
    }),
    reportStatus: unary<sync.ReportStatusRequest>((request, call) => door.reportStatus(request, call)),
    wish: unary<sync.WishRequest>((request, call) => door.wish(request, call)),
  });
  return server;
}
