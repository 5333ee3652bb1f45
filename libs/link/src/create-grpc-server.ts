import { Server, type ServerOptions } from '@grpc/grpc-js';

/** Limits hold before anybody is known. */
const OPTIONS: ServerOptions = {
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.max_receive_message_length': 4 * 1024 * 1024,
  // Of one connection: a leaf has five calls at most, a proxy before us opens another connection for more.
  'grpc.max_concurrent_streams': 100,
  // Without any call; a leaf has one open or makes one each 10 s.
  'grpc.max_connection_idle_ms': 120_000,
  // Books that nobody reads, kept of each connection and message.
  'grpc.enable_channelz': 0,
};

/** A gRPC server with no service yet, for `listenOnePort`: it notices dead peers and bounds what one may ask for. */
export function createGrpcServer(): Server {
  return new Server(OPTIONS);
}
