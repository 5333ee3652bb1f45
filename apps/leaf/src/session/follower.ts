import { create, fromBinary } from '@bufbuild/protobuf';
import { sync, type SyncClient } from '@knot/contract';
import { newRecord } from '@knot/domain';
import type { Priority } from '@knot/reconcile';
import { failpoint, type Clock, type Logger } from '@knot/shared';
import { isKnotError, KnotError, toKnotError } from '@knot/shared/errors';
import type { LeafStore, Position } from '@knot/shared/store';
import { keyOf, type Inventory } from '../inventory.js';
import type { Platforms } from '../platforms/platforms.js';
import { arrivedObject, kindOf, type ArrivedObject } from '../wire/stored-object.js';
import { recordFrom } from '../wire/space-status.js';
import { unitedVolumes } from '../spaces/work.js';
import type { RightToAct } from '../authority/right-to-act.js';
import { within } from '../within.js';

const PAGE = 500;
const PAGE_MS = 30_000;
/** Bookmarks come every 10 s; a stream that is silent this long is dead, ms. */
const SILENCE_MS = 25_000;

/** Key of the store's meta data: the last term up to which the records tell all that was done. */
const RECORDS_TERM = 'records-term';

/** Follows what the location should be: lists it where it must, then takes change by change, each with its position. */
export class Follower {
  /** When the stream last said anything, monotonic ms; null while none is open. */
  private heardAt: number | null = null;
  /** What is stored, as far as this process knows. */
  position: Position | null = null;
  readonly counts = { received: 0 };

  constructor(
    private readonly parts: {
      readonly sync: SyncClient;
      readonly store: LeafStore;
      readonly inventory: Inventory;
      readonly platforms: Platforms;
      readonly clock: Clock;
      readonly logger: Logger;
      readonly right: RightToAct;
      readonly enqueue: (key: string, priority: Priority) => void;
      readonly onStage: (stage: 'listing' | 'following') => void;
      /** A listing is stored. */
      readonly onListed: () => void;
      /** Something of a space, or all of it, is another than before. */
      readonly onSpace: (id: string) => void;
      /** What it says of the location is another than before. */
      readonly onLocation: () => void;
      readonly onReport: () => void;
      /** What came is stored, or cannot be: then everything waits. */
      readonly onStored: (trouble: KnotError | null) => void;
      readonly onQuestion: (question: sync.Question, signal: AbortSignal) => void;
    },
  ) {}

  /** How often everything was listed since this process began. */
  relists = 0;

  get silenceMs(): number | null {
    return this.heardAt === null ? null : this.parts.clock.monotonic() - this.heardAt;
  }

  /** What was stored earlier counts at once. */
  async recall(): Promise<void> {
    const { store, right } = this.parts;
    this.position = await store.position();
    right.noteRecords(Number((await store.meta(RECORDS_TERM)) ?? (await store.meta('term')) ?? 0));
    for (const { bytes } of await this.parts.store.objects('location')) this.allow(bytes);
  }

  /** Until the signal; throws when the stream breaks or falls silent. `epoch` is the origin's, of its greeting. */
  async run(epoch: string, signal: AbortSignal): Promise<void> {
    const { store, right } = this.parts;
    const position = await store.position();
    this.position = position;
    const isCurrent = position !== null && position.epoch === epoch && !right.behind;
    if (isCurrent) await this.noteRecords(right.term);
    let from = isCurrent ? position : await this.relist(signal);
    while (!signal.aborted) {
      try {
        await this.watch(from, signal);
        if (!signal.aborted) throw new KnotError('server.unavailable', 'The origin has ended the stream.');
      } catch (error) {
        if (!isKnotError(error, 'sync.relist')) throw error;
        from = await this.relist(signal);
      }
    }
  }

  private async noteRecords(term: number): Promise<void> {
    const { store, right } = this.parts;
    if (term === right.recordsTerm) return;
    await store.putMeta(RECORDS_TERM, String(term));
    right.noteRecords(term);
  }

  private async relist(signal: AbortSignal): Promise<Position> {
    const { sync: client, store, clock, logger, onStage, right } = this.parts;
    onStage('listing');
    const { term, behind, recordsTerm } = right;
    const before = await store.position();
    const named = new Set<string>();
    let page: sync.ListResponse;
    let pageToken = '';
    do {
      const request = create(sync.ListRequestSchema, { pageToken, limit: PAGE });
      page = await within(clock, PAGE_MS, signal, (limited) =>
        client.list(request, { signal: limited, deadlineMs: PAGE_MS }),
      );
      await this.storePage(page, named, behind ? recordsTerm : null);
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    const position = positionOf(page.position);
    for (const object of await store.finishRelist(named, position)) {
      this.parts.inventory.unlist(object);
      if (object.kind === 'space') this.parts.onSpace(object.id);
    }
    await this.noteRecords(term);
    this.position = position;
    this.relists += 1;
    if (before !== null && before.epoch !== position.epoch) await store.reportAll();
    logger.info({ objects: named.size, rev: position.rev }, 'everything of this location was listed');
    this.parts.onListed();
    this.parts.onReport();
    return position;
  }

  /**
   * A listing is the origin's whole truth: an older generation counts too (a backup was put back). `ownTerm` is the last
   * of this leaf where others had terms since; null where nobody had.
   */
  private async storePage(page: sync.ListResponse, named: Set<string>, ownTerm: number | null): Promise<void> {
    const { store } = this.parts;
    const arrived = page.objects.flatMap((object) => arrivedObject(object) ?? []);
    for (const { object } of arrived) named.add(object.id);
    await Promise.all(arrived.map((item) => this.storeRecord(item, ownTerm)));
    const known = await Promise.all(arrived.map(({ object }) => store.object(object.kind, object.id)));
    await this.apply({ upserts: arrived.map(({ object }) => object), deletes: [], position: null });
    arrived.forEach((item, index) => {
      const before = known[index];
      const same = before?.listed === true && Buffer.compare(before.bytes, item.object.bytes) === 0;
      this.took(item, same ? 'drift' : 'user');
    });
  }

  /** What another leaf has done since counts before what this one remembers. */
  private async storeRecord({ object, summary, lastReported }: ArrivedObject, ownTerm: number | null): Promise<void> {
    const { store, clock } = this.parts;
    if (object.kind !== 'space') return;
    const own = await store.record(object.id);
    if (own !== null && ownTerm === null) return;
    const { generation } = summary;
    const isNews = lastReported !== null && (own === null || Number(lastReported.term) > (ownTerm ?? 0));
    const record = isNews ? recordFrom(lastReported, generation, clock.now()) : own;
    // What it had observed itself is old, and must not be reported as new.
    if (own !== null) await store.forget('space', object.id);
    const known = record ?? newRecord(object.id, generation, clock.now());
    const volumes = unitedVolumes(known.volumes, own?.volumes ?? []);
    await store.putRecord({ ...known, volumes, inherited: true });
  }

  private async watch(from: Position, signal: AbortSignal): Promise<void> {
    const { sync: client, clock, onStage, onQuestion } = this.parts;
    const silence = new AbortController();
    const dead = new KnotError('server.unavailable', `The origin was silent for ${SILENCE_MS / 1_000} s.`);
    const arm = () => clock.setTimeout(() => silence.abort(dead), SILENCE_MS);
    let timer = arm();
    onStage('following');
    this.heardAt = clock.monotonic();
    try {
      const answers = { answersQuestions: true, answersPlans: true };
      const request = create(sync.WatchRequestSchema, { from: wirePosition(from), ...answers });
      const until = AbortSignal.any([signal, silence.signal]);
      for await (const { event } of client.watch(request, { signal: until })) {
        clock.clearTimeout(timer);
        timer = arm();
        this.heardAt = clock.monotonic();
        if (event.case === 'changes') await this.change(event.value);
        if (event.case === 'question') onQuestion(event.value, until);
      }
    } finally {
      clock.clearTimeout(timer);
      this.heardAt = null;
    }
    if (silence.signal.aborted) throw dead;
  }

  private async change(changes: sync.Changes): Promise<void> {
    const { inventory, enqueue } = this.parts;
    this.counts.received += changes.upserts.length + changes.deletes.length;
    const upserts = changes.upserts
      .flatMap((object) => arrivedObject(object) ?? [])
      .filter((item) => this.isNews(item));
    const deletes = changes.deletes.flatMap(({ kind, id }) => {
      const known = kindOf(kind);
      return known ? [{ kind: known, id }] : [];
    });
    await failpoint('leaf.watch.before-commit');
    const position = positionOf(changes.position);
    await this.apply({ upserts: upserts.map(({ object }) => object), deletes, position });
    this.position = position;
    await failpoint('leaf.watch.after-commit');
    for (const item of upserts) this.took(item, 'user');
    for (const { kind, id } of deletes) {
      inventory.delete(kind, id);
      if (kind !== 'location') enqueue(keyOf(kind, id), 'user');
      if (kind === 'space') this.parts.onSpace(id);
    }
  }

  private async apply(changes: Parameters<LeafStore['applyChanges']>[0]): Promise<void> {
    try {
      await this.parts.store.applyChanges(changes);
    } catch (error) {
      this.parts.onStored(toKnotError(error));
      throw error;
    }
    this.parts.onStored(null);
  }

  private isNews({ object, summary }: ArrivedObject): boolean {
    return summary.generation >= (this.parts.inventory.generation(object.kind, object.id) ?? 0);
  }

  private took({ object, summary }: ArrivedObject, priority: Priority): void {
    if (object.kind === 'location') return this.allow(object.bytes);
    this.parts.inventory.put(object.kind, object.id, summary);
    this.parts.enqueue(keyOf(object.kind, object.id), priority);
    if (object.kind === 'space') this.parts.onSpace(object.id);
  }

  private allow(bytes: Uint8Array): void {
    const { allowedDrivers, allowedHostVolumes } = fromBinary(sync.LocationSchema, bytes);
    this.parts.platforms.allow({ drivers: allowedDrivers, hostVolumes: allowedHostVolumes });
    this.parts.onLocation();
  }
}

function positionOf(position: sync.Position | undefined): Position {
  if (!position) throw new KnotError('server.unavailable', 'The origin sent changes without their position.');
  return { epoch: position.epoch, rev: Number(position.rev), nonce: position.nonce };
}

function wirePosition({ epoch, rev, nonce }: Position) {
  return { epoch, rev: BigInt(rev), nonce };
}
