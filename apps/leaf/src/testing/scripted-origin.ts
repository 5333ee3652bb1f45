import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { PROTOCOL, sync, type SyncCall, type SyncClient } from '@knot/contract';
import { KnotError } from '@knot/shared/errors';

type Write = { readonly rev: number; readonly kind: sync.ObjectKind; readonly id: string };

const TTL_MS = 30_000;

/** An origin of a few rows in memory, that a test can cut off, restore or make refuse. Several leaves may share it. */
export class ScriptedOrigin {
  installation = 'installation-1';
  epoch = 'epoch-1';
  protocol = 1;
  away = false;
  /** Thrown by every call but Hello, when set. */
  refusal: KnotError | null = null;
  /** A stream that says nothing, not even bookmarks. */
  silent = false;
  /** Of the credentials that it gives, ms. */
  credentialLifeMs = 24 * 3_600_000;
  /** What leaves asked to be let in with. */
  readonly enrolments: sync.EnrollRequest[] = [];
  lists = 0;
  readonly spaces = new Map<string, sync.Space>();
  readonly volumes = new Map<string, sync.Volume>();
  readonly statuses = new Map<string, sync.SpaceStatus>();
  readonly volumeStatuses = new Map<string, sync.VolumeStatus>();
  locationStatus: sync.LocationStatus | null = null;
  orphans: readonly sync.Orphan[] = [];
  readonly answers: sync.Answer[] = [];
  private readonly questions: sync.Question[] = [];
  /** Every status in the order it came. */
  readonly reports: sync.SpaceStatus[] = [];
  lease = { holder: '', instance: '', term: 0, renewedAt: Number.NEGATIVE_INFINITY };
  private log: Write[] = [];
  private cuts = 0;
  private readonly wakes = new Set<() => void>();

  constructor(private readonly clock: { now(): number; setTimeout(fire: () => void, ms: number): unknown }) {}

  get rev(): number {
    return this.log.at(-1)?.rev ?? 0;
  }

  /** Writes a space as it should be from now on; a wish raises its generation. */
  wish(id: string, wish: MessageInitShape<typeof sync.SpaceSchema>): void {
    const before = this.spaces.get(id);
    const generation = (before?.generation ?? 0n) + 1n;
    const plain = { name: id, ownerUsername: 'ann', ownerId: 'u1' };
    const { $typeName: _name, ...old } = before ?? { $typeName: '' };
    const space = create(sync.SpaceSchema, { ...plain, ...old, ...wish, $typeName: undefined });
    this.putSpace({ ...space, id, generation, wishedAt: BigInt(Math.round(this.clock.now())) });
  }

  putSpace(space: sync.Space): void {
    this.spaces.set(space.id, space);
    this.write(sync.ObjectKind.SPACE, space.id);
  }

  putVolume(volume: sync.Volume): void {
    this.volumes.set(volume.id, volume);
    this.write(sync.ObjectKind.VOLUME, volume.id);
  }

  drop(kind: sync.ObjectKind, id: string): void {
    if (kind === sync.ObjectKind.SPACE) this.spaces.delete(id);
    else this.volumes.delete(id);
    this.write(kind, id);
  }

  /** Asks whoever follows and answers questions. */
  ask(question: MessageInitShape<typeof sync.QuestionSchema>): void {
    this.questions.push(create(sync.QuestionSchema, question));
    this.wake();
  }

  /** An older backup is put back: another history, without what the test has taken out of the maps. */
  restore(epoch: string): void {
    this.epoch = epoch;
    this.log = [];
    this.wake();
  }

  /** Says the latest of an object once more. */
  repeat(kind: sync.ObjectKind, id: string): void {
    this.write(kind, id);
  }

  /** Every stream breaks, and no call is answered until `back`. */
  cut(): void {
    this.away = true;
    this.cuts++;
    this.wake();
  }

  back(): void {
    this.away = false;
  }

  client(): SyncClient {
    let credential = '';
    const guard = () => {
      if (this.away) throw new KnotError('server.unavailable', 'The origin does not answer.');
    };
    const refuse = () => {
      guard();
      if (this.refusal) throw this.refusal;
    };
    return {
      hello: async () => {
        guard();
        const { protocol, installation, epoch } = this;
        const message = protocol === 0 ? 'Install knot 0.2 here.' : '';
        const now = BigInt(Math.round(this.clock.now()));
        return create(sync.HelloResponseSchema, {
          protocol,
          supported: PROTOCOL,
          installation,
          epoch,
          serverTime: now,
          message,
        });
      },
      enroll: async (request) => {
        refuse();
        this.enrolments.push(request);
        const credentialExpiresAt = BigInt(Math.round(this.clock.now()) + this.credentialLifeMs);
        const { location, instance } = request;
        return create(sync.EnrollResponseSchema, { credential: `knl_${instance}`, credentialExpiresAt, location });
      },
      renewLease: async (request) => {
        refuse();
        return this.renew(request, credential);
      },
      list: async () => {
        refuse();
        this.lists++;
        return this.listing();
      },
      watch: (request, call) => {
        refuse();
        return this.watch(request, call);
      },
      reportStatus: async (request) => {
        refuse();
        return this.report(request);
      },
      wish: async (request) => {
        refuse();
        return this.heardWish(request);
      },
      useCredential: (given) => (credential = given),
      close: () => undefined,
    };
  }

  /** What leaves asked for, in this order. */
  readonly wishes: sync.WishRequest[] = [];
  /** What wishes are refused with; null: they are carried out. */
  wishRefusal: KnotError | null = null;

  private heardWish(request: sync.WishRequest): sync.WishResponse {
    this.wishes.push(request);
    if (this.wishRefusal) throw this.wishRefusal;
    const { spaceId, want } = request;
    if (this.spaces.get(spaceId)?.generation !== request.generation) {
      throw new KnotError('resource.version', 'Something else was wished meanwhile.');
    }
    this.wish(spaceId, { want });
    return create(sync.WishResponseSchema, { operationId: 'op', generation: request.generation + 1n });
  }

  private write(kind: sync.ObjectKind, id: string): void {
    this.log.push({ rev: this.rev + 1, kind, id });
    this.wake();
  }

  private wake(): void {
    for (const wake of [...this.wakes]) wake();
  }

  private renew({ holder, term, release }: sync.RenewLeaseRequest, instance: string): sync.RenewLeaseResponse {
    const now = this.clock.now();
    const mine = this.lease.holder === holder;
    const live = now < this.lease.renewedAt + TTL_MS + 5_000;
    if (release) {
      if (mine) this.lease = { ...this.lease, renewedAt: Number.NEGATIVE_INFINITY };
      return create(sync.RenewLeaseResponseSchema, { held: false });
    }
    // The same disk is open in one process only.
    if (live && this.lease.instance !== instance) {
      const message = 'DuplicateLocation: another leaf acts here.';
      return create(sync.RenewLeaseResponseSchema, {
        held: false,
        holder: this.lease.holder,
        message,
        retryAfterMs: 5_000,
      });
    }
    const keeps = mine && live && (Number(term) === this.lease.term || term === 0n);
    this.lease = { holder, instance, term: keeps ? this.lease.term : this.lease.term + 1, renewedAt: now };
    const granted = { held: true, term: BigInt(this.lease.term), ttlMs: TTL_MS, retryAfterMs: TTL_MS / 3 };
    return create(sync.RenewLeaseResponseSchema, granted);
  }

  private listing(): sync.ListResponse {
    const spaces = [...this.spaces.values()].map((space) => {
      const lastReported = this.statuses.get(space.id);
      return { object: { case: 'space' as const, value: create(sync.SpaceSchema, { ...space, lastReported }) } };
    });
    const volumes = [...this.volumes.values()].map((value) => ({ object: { case: 'volume' as const, value } }));
    return create(sync.ListResponseSchema, { objects: [...spaces, ...volumes], position: this.position() });
  }

  private async *watch(request: sync.WatchRequest, call: SyncCall): AsyncGenerator<sync.WatchResponse> {
    const { epoch, cuts } = this;
    let at = Number(request.from?.rev ?? 0);
    if (request.from?.epoch !== epoch || at > this.rev) throw new KnotError('sync.relist', 'List again.');
    while (!call.signal.aborted) {
      if (this.cuts > cuts) throw new KnotError('server.unavailable', 'The stream broke.');
      if (this.epoch !== epoch) throw new KnotError('sync.relist', 'List again.');
      const value = request.answersQuestions ? this.questions.shift() : undefined;
      if (value) yield create(sync.WatchResponseSchema, { event: { case: 'question', value } });
      const news = this.silent ? [] : this.log.filter(({ rev }) => rev > at);
      if (news.length > 0) {
        at = this.rev;
        yield this.changes(news);
      } else {
        await this.nextWake(call.signal);
        const bookmark = create(sync.BookmarkSchema, { position: this.position() });
        if (!this.silent && this.cuts === cuts)
          yield create(sync.WatchResponseSchema, { event: { case: 'bookmark', value: bookmark } });
      }
    }
  }

  private changes(news: readonly Write[]): sync.WatchResponse {
    const upserts = news.flatMap(({ kind, id }): MessageInitShape<typeof sync.ObjectSchema>[] => {
      const space = kind === sync.ObjectKind.SPACE ? this.spaces.get(id) : undefined;
      if (space) return [{ object: { case: 'space' as const, value: create(sync.SpaceSchema, space) } }];
      const volume = kind === sync.ObjectKind.VOLUME ? this.volumes.get(id) : undefined;
      return volume ? [{ object: { case: 'volume' as const, value: volume } }] : [];
    });
    const gone = news.filter(({ kind, id }) => !(kind === sync.ObjectKind.SPACE ? this.spaces : this.volumes).has(id));
    const deletes = gone.map(({ kind, id }) => ({ kind, id }));
    const value = create(sync.ChangesSchema, { upserts, deletes, position: this.position() });
    return create(sync.WatchResponseSchema, { event: { case: 'changes', value } });
  }

  private report(request: sync.ReportStatusRequest): sync.ReportStatusResponse {
    if (Number(request.term) !== this.lease.term) throw new KnotError('lease.lost', 'The term is over.');
    let persistedSequence = 0n;
    for (const status of request.spaces) {
      if (status.sequence > persistedSequence) persistedSequence = status.sequence;
      this.reports.push(status);
      const space = this.spaces.get(status.id);
      if (!space) continue;
      this.statuses.set(status.id, status);
      if (space.want === sync.Want.DELETED && status.finalized) this.drop(sync.ObjectKind.SPACE, status.id);
    }
    for (const status of request.volumes) {
      if (status.sequence > persistedSequence) persistedSequence = status.sequence;
      this.volumeStatuses.set(status.id, status);
      const volume = this.volumes.get(status.id);
      if (volume?.want === sync.Want.DELETED && status.finalized) this.drop(sync.ObjectKind.VOLUME, status.id);
    }
    this.answers.push(...request.answers);
    if (request.location) this.locationStatus = request.location;
    if (request.location?.orphansListed) this.orphans = request.location.orphans;
    return create(sync.ReportStatusResponseSchema, { persistedSequence });
  }

  private position() {
    return { epoch: this.epoch, rev: BigInt(this.rev), nonce: 'n' };
  }

  private nextWake(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.wakes.delete(wake);
        resolve();
      };
      this.wakes.add(wake);
      this.clock.setTimeout(wake, 10_000);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
