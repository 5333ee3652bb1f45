import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import { failpoint, type Clock } from '@knot/shared';
import type { LogEntry, LoggedRows, Position, Store } from '@knot/shared/store';
import type { SyncCaller } from './caller.js';
import type { ObjectReader, ReadChanges } from './object-reader.js';
import type { Questions } from './questions.js';
import type { StoreTime } from './store-time.js';
import type { StreamWakeups } from './stream-wakeups.js';
import { MOST_WEIGHT, weightOf, wirePosition } from './to-wire.js';

export const BOOKMARK_MS = 10_000;
const BATCH = 500;

export interface WatchParts {
  readonly store: Store;
  readonly reader: ObjectReader;
  readonly wakeups: StreamWakeups;
  readonly questions: Questions;
  readonly clock: Clock;
  readonly time: StoreTime;
}

interface Fitting {
  readonly objects: ReadChanges;
  readonly taken: readonly LogEntry[];
}

/**
 * One location's changes from a position on. Nothing is queued per leaf: whoever is slow reads the log later, and of
 * an object that changed many times it gets the latest once.
 */
export class WatchLocation {
  constructor(private readonly parts: WatchParts) {}

  async *run(request: sync.WatchRequest, caller: SyncCaller): AsyncGenerator<sync.WatchResponse> {
    const { store, wakeups, questions, clock } = this.parts;
    const { location } = caller.identity;
    const stream = `location:${location}` as const;
    const listener = wakeups.listen(stream, caller.signal);
    const asked = request.answersQuestions ? questions.follow(location, request.answersPlans) : null;
    let position = positionOf(request);
    try {
      let bookmarkedAt = Number.NEGATIVE_INFINITY;
      while (!caller.signal.aborted) {
        for (let question = asked?.next(); question; question = asked?.next()) {
          yield create(sync.WatchResponseSchema, { event: { case: 'question', value: question } });
        }
        const read = store.logWithRows ? await store.logWithRows(stream, position, BATCH) : null;
        const entries = read?.entries ?? (await store.log(stream, position, BATCH));
        if (entries.length > 0) {
          const { objects, taken } = await this.fitting(location, entries, read?.rows);
          position = positionAfter(position, taken);
          yield await this.changes(objects, position);
          if (taken.length === BATCH || taken.length < entries.length) continue;
        }
        if (clock.monotonic() - bookmarkedAt >= BOOKMARK_MS) {
          yield await this.bookmark(position);
          bookmarkedAt = clock.monotonic();
        }
        // What was committed since the log was read has woken the listener: nobody reads it a second time in vain.
        await listener.next(Math.max(0, bookmarkedAt + BOOKMARK_MS - clock.monotonic()));
      }
    } finally {
      asked?.close();
      listener.close();
    }
  }

  /** As many of the entries as one message holds, the first at least, with the latest of the objects they name. */
  private async fitting(
    location: string,
    entries: readonly LogEntry[],
    rows: LoggedRows['rows'] | undefined,
  ): Promise<Fitting> {
    const objects = await this.parts.reader.changes(location, entries, rows);
    const weight = objects.upserts.reduce((sum, object) => sum + weightOf(object), 0);
    if (weight <= MOST_WEIGHT || entries.length === 1) return { objects, taken: entries };
    return this.fitting(location, entries.slice(0, Math.ceil(entries.length / 2)), rows);
  }

  private async changes({ upserts, deletes }: ReadChanges, position: Position): Promise<sync.WatchResponse> {
    await failpoint('origin.watch.before-send');
    const changes = { upserts: [...upserts], deletes: [...deletes], position: wirePosition(position) };
    return create(sync.WatchResponseSchema, {
      event: { case: 'changes', value: create(sync.ChangesSchema, changes) },
    });
  }

  private async bookmark(position: Position): Promise<sync.WatchResponse> {
    const value = { position: wirePosition(position), serverTime: BigInt(await this.parts.time.now()) };
    return create(sync.WatchResponseSchema, {
      event: { case: 'bookmark', value: create(sync.BookmarkSchema, value) },
    });
  }
}

function positionOf(request: sync.WatchRequest): Position {
  const { epoch = '', rev = 0n, nonce = '' } = request.from ?? {};
  return { epoch, rev: Number(rev), nonce };
}

function positionAfter(position: Position, entries: readonly LogEntry[]): Position {
  const last = entries.at(-1);
  return last ? { epoch: position.epoch, rev: last.rev, nonce: last.nonce } : position;
}
