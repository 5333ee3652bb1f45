import { create } from '@bufbuild/protobuf';
import { PROTOCOL, sync } from '@knot/contract';
import { KnotError } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';
import type { KnownLeaf, SyncCaller } from './caller.js';
import type { EnrollLeaf, SyncRefusal } from './enroll-leaf.js';
import type { LeafWishes } from './leaf-wishes.js';
import type { ListObjects } from './list-objects.js';
import type { Questions } from './questions.js';
import type { RenewLease } from './renew-lease.js';
import type { ReportTally } from './report-tally.js';
import type { StoreReport } from './store-report.js';
import type { WatchLocation } from './watch-location.js';

export interface SyncParts {
  readonly store: Store;
  readonly programVersion: string;
  /** `server.url`. */
  readonly url: string;
  readonly enroll: EnrollLeaf;
  readonly lease: RenewLease;
  readonly list: ListObjects;
  readonly watch: WatchLocation;
  readonly report: StoreReport;
  readonly reports: ReportTally;
  readonly questions: Questions;
  readonly wishes: LeafWishes;
  readonly auditRefusal: (refusal: SyncRefusal) => void;
}

/** More in one report are a leaf's mistake. */
const MOST_REFUSALS = 101;

/** The calls, without a transport: gRPC and the origin's own leaf both end here. */
export class SyncService {
  constructor(private readonly parts: SyncParts) {}

  async hello(request: sync.HelloRequest): Promise<sync.HelloResponse> {
    const { store, programVersion, url } = this.parts;
    const [installation, head, now] = await Promise.all([
      store.get('installation', 'installation'),
      store.head('events'),
      store.now(),
    ]);
    const protocol = commonProtocol(request.protocol);
    return create(sync.HelloResponseSchema, {
      protocol,
      supported: PROTOCOL,
      programVersion,
      installation: installation?.uuid ?? '',
      epoch: head.epoch,
      serverTime: BigInt(now),
      url,
      message: protocol > 0 ? '' : versionSentence(request, programVersion),
    });
  }

  enroll(request: sync.EnrollRequest, credential: string, address: string): Promise<sync.EnrollResponse> {
    return this.parts.enroll.run(request, credential, address);
  }

  renewLease(request: sync.RenewLeaseRequest, caller: KnownLeaf): Promise<sync.RenewLeaseResponse> {
    return this.parts.lease.run(request, caller.identity);
  }

  list(request: sync.ListRequest, caller: KnownLeaf): Promise<sync.ListResponse> {
    return this.parts.list.run(request, caller.identity.location);
  }

  watch(request: sync.WatchRequest, caller: SyncCaller): AsyncGenerator<sync.WatchResponse> {
    return this.parts.watch.run(request, caller);
  }

  async reportStatus(request: sync.ReportStatusRequest, caller: KnownLeaf): Promise<sync.ReportStatusResponse> {
    const begun = performance.now();
    const response = await this.parts.report.run(request, caller.identity);
    this.parts.reports.note(request.spaces.length + request.volumes.length, (performance.now() - begun) / 1_000);
    this.parts.questions.take(caller.identity.location, request.answers);
    for (const refused of request.location?.refusals.slice(0, MOST_REFUSALS) ?? []) this.audit(refused, caller);
    return response;
  }

  wish(request: sync.WishRequest, caller: KnownLeaf): Promise<sync.WishResponse> {
    return this.parts.wishes.run(request, caller);
  }

  /** Whom a leaf refused; the location is the caller's, whatever the message says. */
  private audit({ actor, action, address, message, count }: sync.Refusal, { identity }: KnownLeaf): void {
    const cut = (text: string) => text.slice(0, 200);
    const error = new KnotError('auth.failed', cut(message));
    this.parts.auditRefusal({
      ...{ actor: cut(actor), action: cut(action), address: cut(address), location: identity.location },
      ...{ error, count: Math.min(count, 1_000_000) },
    });
  }
}

/** The highest version both ends speak; 0 when there is none. */
function commonProtocol(asked: sync.VersionRange | undefined): number {
  const { min, max } = asked ?? { min: 1, max: 1 };
  const common = Math.min(max, PROTOCOL.max);
  return common >= Math.max(min, PROTOCOL.min) ? common : 0;
}

function versionSentence(request: sync.HelloRequest, programVersion: string): string {
  const theirs = request.protocol;
  const older = (theirs?.max ?? 0) < PROTOCOL.min;
  return older
    ? `This leaf (${request.programVersion}) is too old for the origin: install knot ${programVersion} here.`
    : `This leaf (${request.programVersion}) is newer than the origin (${programVersion}): upgrade the origin, or install knot ${programVersion} here.`;
}
