import type { DescMessage, DescMethodUnary, MessageShape } from '@bufbuild/protobuf';
import { sync, type SyncCall, type SyncClient } from '@knot/contract';
import { isKnotError } from '@knot/shared/errors';
import { openGrpcClient, type GrpcClient, type GrpcTarget } from '@knot/link';

const CALL_MS = 10_000;

/** The six calls over gRPC. It connects at the first call, and again after a connection could not even be prepared. */
export class GrpcSyncClient implements SyncClient {
  private opening: Promise<GrpcClient> | null = null;
  private credential = '';

  constructor(private readonly target: GrpcTarget) {}

  /** The first call of a session. Unanswered, it leaves no connection behind: one that hangs half made has no deadline. */
  async hello(request: sync.HelloRequest, call: SyncCall): Promise<sync.HelloResponse> {
    try {
      return await this.unary(sync.Sync.method.hello, request, call);
    } catch (error) {
      if (isKnotError(error, 'server.unavailable')) this.close();
      throw error;
    }
  }

  enroll(request: sync.EnrollRequest, call: SyncCall) {
    return this.unary(sync.Sync.method.enroll, request, call);
  }

  renewLease(request: sync.RenewLeaseRequest, call: SyncCall) {
    return this.unary(sync.Sync.method.renewLease, request, call);
  }

  list(request: sync.ListRequest, call: SyncCall) {
    return this.unary(sync.Sync.method.list, request, call);
  }

  reportStatus(request: sync.ReportStatusRequest, call: SyncCall) {
    return this.unary(sync.Sync.method.reportStatus, request, call);
  }

  async *watch(request: sync.WatchRequest, { signal }: SyncCall): AsyncGenerator<sync.WatchResponse> {
    const client = await this.open();
    yield* client.stream(sync.Sync.method.watch, request, { signal, credential: this.credential });
  }

  useCredential(credential: string): void {
    this.credential = credential;
  }

  close(): void {
    const { opening } = this;
    this.opening = null;
    opening?.then(
      (client) => client.close(),
      () => undefined,
    );
  }

  private async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    { signal, deadlineMs = CALL_MS }: SyncCall,
  ): Promise<MessageShape<O>> {
    const client = await this.open();
    return client.unary(method, request, { signal, deadlineMs, credential: this.credential });
  }

  private open(): Promise<GrpcClient> {
    this.opening ??= openGrpcClient(this.target).catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }
}
