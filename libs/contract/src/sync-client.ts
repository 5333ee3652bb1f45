import type {
  EnrollRequest,
  EnrollResponse,
  HelloRequest,
  HelloResponse,
  ListRequest,
  ListResponse,
  RenewLeaseRequest,
  RenewLeaseResponse,
  ReportStatusRequest,
  ReportStatusResponse,
  WatchRequest,
  WatchResponse,
  WishRequest,
  WishResponse,
} from './generated/knot/sync/v1/sync_pb.js';

/** The protocol versions this program speaks. */
export const PROTOCOL = { min: 1, max: 1 } as const;

export interface SyncCall {
  /** Ends the call. */
  readonly signal: AbortSignal;
  /** For unary calls; a stream has none. */
  readonly deadlineMs?: number;
}

/**
 * The calls as a leaf makes them, over gRPC or within the origin's own process; the credential is the
 * transport's. Errors are KnotErrors with the origin's code; `server.unavailable` when it does not answer.
 */
export interface SyncClient {
  hello(request: HelloRequest, call: SyncCall): Promise<HelloResponse>;
  enroll(request: EnrollRequest, call: SyncCall): Promise<EnrollResponse>;
  renewLease(request: RenewLeaseRequest, call: SyncCall): Promise<RenewLeaseResponse>;
  list(request: ListRequest, call: SyncCall): Promise<ListResponse>;
  watch(request: WatchRequest, call: SyncCall): AsyncIterable<WatchResponse>;
  reportStatus(request: ReportStatusRequest, call: SyncCall): Promise<ReportStatusResponse>;
  wish(request: WishRequest, call: SyncCall): Promise<WishResponse>;
  /** The credential for calls from now on. */
  useCredential(credential: string): void;
  close(): void;
}
