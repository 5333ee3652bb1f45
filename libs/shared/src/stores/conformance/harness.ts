import { afterEach, beforeEach } from 'vitest';
import { isKnotError, type ErrorCode } from '../../errors/index.js';
import type { Kind } from '../rows.js';
import type { Commit, NewRow, Store, StreamName, Write } from '../store.js';
import { SAMPLE_ROWS } from './sample-rows.js';

/** One empty place for a store, which it leaves to nobody. */
export interface StorePlace {
  /** Opens what is there; the suite closes it before it opens again. */
  open(): Promise<Store>;
  /** Puts a backup in place of what is there. The store is closed. */
  restore(backup: string): Promise<void>;
  /** A path that nothing is at, for a backup. */
  backupPath(): string;
  destroy(): Promise<void>;
}

export interface StoreUnderTest {
  /** The open store of the present test. */
  readonly store: Store;
  readonly place: StorePlace;
  reopen(): Promise<Store>;
}

/** A fresh place and store for each test of the enclosing `describe`. */
export function withStore(makePlace: () => Promise<StorePlace>): StoreUnderTest {
  let place: StorePlace | null = null;
  let store: Store | null = null;
  beforeEach(async () => {
    place = await makePlace();
    store = await place.open();
  });
  afterEach(async () => {
    await store?.close();
    await place?.destroy();
    store = place = null;
  });
  return {
    get store() {
      return given(store);
    },
    get place() {
      return given(place);
    },
    async reopen() {
      await given(store).close();
      store = await given(place).open();
      return store;
    },
  };
}

function given<T>(value: T | null): T {
  if (value === null) throw new Error('only inside a test');
  return value;
}

export const EVENTS: StreamName = 'events';
export const MAIN: StreamName = 'location:main';

/** A commit that puts one sample row, and logs it to the streams named. */
export function putting(kind: Kind, id: string, version?: number, streams: readonly StreamName[] = []): Commit {
  return {
    expect: version === undefined ? [] : [{ kind, id, version }],
    writes: [writeOf(kind, SAMPLE_ROWS[kind](id))],
    log: streams.map((stream) => ({ stream, kind, id, op: 'put' as const })),
  };
}

/** The tagged write of a kind that is known at run time only. */
export function writeOf<K extends Kind>(kind: K, row: NewRow<K>): Write {
  return { put: kind, row } as unknown as Write;
}

export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | 'fulfilled' | 'other'> {
  try {
    await promise;
    return 'fulfilled';
  } catch (error) {
    return isKnotError(error) ? error.code : 'other';
  }
}
