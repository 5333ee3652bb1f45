import type { DescMessage, DescMethodUnary, MessageShape } from '@bufbuild/protobuf';
import { sync, type SyncCall, type SyncClient } from '@knot/contract';
import { isKnotError, KnotError } from '@knot/shared/errors';
import { openGrpcClient, type GrpcClient } from '@knot/link';
import type { OriginTargets } from './origin-target.js';

const CALL_MS = 10_000;

/** The calls over gRPC. It connects at the first call, and again after a connection could not even be prepared. */
export class GrpcSyncClient implements SyncClient {
  private opening: Promise<GrpcClient> | null = null;
  private credential = '';
  /** Unanswered greetings since the last answer: each makes the next target's turn. */
  private failures = 0;

  constructor(private readonly targets: OriginTargets) {}

  /** The first call of a session. Unanswered, it leaves no connection behind: one that hangs half made has no deadline. */
  async hello(request: sync.HelloRequest, call: SyncCall): Promise<sync.HelloResponse> {
    try {
      const answer = await this.unary(sync.Sync.method.hello, request, call);
      this.failures = 0;
      return answer;
    } catch (error) {
      if (isKnotError(error, 'server.unavailable')) {
        this.failures += 1;
        this.close();
      }
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

  wish(request: sync.WishRequest, call: SyncCall) {
    return this.unary(sync.Sync.method.wish, request, call);
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
    this.opening ??= this.connect().catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }

  private async connect(): Promise<GrpcClient> {
    const targets = await this.targets();
    const target = targets[this.failures % targets.length];
    if (target === undefined) throw new KnotError('server.unavailable', 'No origin is known by now.');
    return openGrpcClient(target);
  }
}
