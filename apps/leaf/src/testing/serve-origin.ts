import http from 'node:http';
import { Server } from '@grpc/grpc-js';
import { sync, type SyncClient } from '@knot/contract';
import { listenOnePort, serviceDefinition, streaming, unary, type OnePort, type ServerCall } from '@knot/link';

/** A scripted origin behind a real port, as a leaf of its own process meets it. */
export async function serveOrigin(
  client: SyncClient,
  tls: { readonly key: string; readonly cert: string } | null,
): Promise<OnePort> {
  const grpc = new Server();
  const call = ({ signal }: ServerCall) => ({ signal });
  grpc.addService(serviceDefinition(sync.Sync), {
    hello: unary<sync.HelloRequest>((request, at) => client.hello(request, call(at))),
    enroll: unary<sync.EnrollRequest>((request, at) => client.enroll(request, call(at))),
    renewLease: unary<sync.RenewLeaseRequest>((request, at) => client.renewLease(request, call(at))),
    list: unary<sync.ListRequest>((request, at) => client.list(request, call(at))),
    watch: streaming<sync.WatchRequest>((request, at) => client.watch(request, call(at))),
    reportStatus: unary<sync.ReportStatusRequest>((request, at) => client.reportStatus(request, call(at))),
  });
  const port = await listenOnePort({ host: '127.0.0.1', port: 0, tls, web: http.createServer(), grpc });
  return {
    ...port,
    close: async (graceMs) => {
      grpc.forceShutdown();
      await port.close(graceMs);
    },
  };
}
