import type { ObservedSpace, SpaceRecord } from '@knot/domain';

import type { Position } from './store.js';

export type LeafObjectKind = 'space' | 'volume' | 'location';

/** A desired object as it came over the wire (protobuf bytes, unknown fields kept); wrapped on disk. */
export interface LeafObject {
  readonly kind: LeafObjectKind;
  readonly id: string;
  readonly bytes: Uint8Array;
  /** False once a relist did not name it any more: kept, never deleted by absence. */
  readonly listed: boolean;
}

export interface OutboxEntry {
  readonly sequence: number;
  readonly kind: 'space' | 'volume';
  readonly id: string;
  /** JSON */
  readonly payload: string;
}

/**
 * What a leaf keeps on its own disk. Each method is one transaction; what it wrote survives the end of the process. A loss
 * of power may take the last of what can be had again, always from the end of the history: `applyChanges`, `putObserved`,
 * `putVolumeObserved` and `acknowledge` since the last other write. Those others are on the disk before they answer; above all
 * `putRecord`, which stands before each deed, with everything that was written before it.
 * Secrets (object bytes, `putSecret`) are wrapped by the cipher it was opened with.
 */
export interface LeafStore {
  meta(key: string): Promise<string | null>;
  putMeta(key: string, value: string): Promise<void>;
  secret(key: string): Promise<string | null>;
  putSecret(key: string, value: string): Promise<void>;

  position(): Promise<Position | null>;
  /**
   * Stores objects and the revision that covers them together. `position` is null for the pages of a relist that is
   * under way: the old position stays until `finishRelist`, so that a crash between two pages begins the list again.
   */
  applyChanges(changes: {
    readonly upserts: readonly Omit<LeafObject, 'listed'>[];
    readonly deletes: readonly { readonly kind: LeafObjectKind; readonly id: string }[];
    readonly position: Position | null;
  }): Promise<void>;
  /**
   * Ends a relist: stores its position and marks every object whose id was not named as not listed.
   * Answers all objects that are not listed now, also from earlier relists.
   */
  finishRelist(named: ReadonlySet<string>, position: Position): Promise<readonly LeafObject[]>;
  object(kind: LeafObjectKind, id: string): Promise<LeafObject | null>;
  objects(kind: LeafObjectKind): Promise<readonly LeafObject[]>;

  record(id: string): Promise<SpaceRecord | null>;
  records(): Promise<readonly SpaceRecord[]>;
  putRecord(record: SpaceRecord): Promise<void>;
  /** Record, observed state and outbox entry together; the newest entry per object replaces an older one. */
  putObserved(record: SpaceRecord, observed: ObservedSpace): Promise<void>;
  /** Observed state only, with its outbox entry. */
  observed(id: string): Promise<ObservedSpace | null>;
  putVolumeObserved(id: string, payload: string): Promise<void>;
  forget(kind: LeafObjectKind, id: string): Promise<void>;

  outbox(limit: number): Promise<readonly OutboxEntry[]>;
  /** Drops entries up to and including the sequence that the origin has persisted. */
  acknowledge(sequence: number): Promise<void>;
  /** Puts everything observed into the outbox again (a new origin epoch knows none of it). */
  reportAll(): Promise<void>;
  close(): Promise<void>;
}

/** Wraps what must not lie open on a disk. `context` binds a value to its row. */
export interface Cipher {
  seal(plain: Uint8Array, context: string): Uint8Array;
  /** Throws KnotError('internal') when the value was not sealed with a known key for this context. */
  open(sealed: Uint8Array, context: string): Uint8Array;
  /** False for a value that was sealed with a former key. */
  isSealedNow(sealed: Uint8Array): boolean;
}
