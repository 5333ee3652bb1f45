import { create } from '@bufbuild/protobuf';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sync } from '@knot/contract';
import { createUuidV7, KeyRing, systemClock, systemRandom, type Clock } from '@knot/shared';
import { openSqliteStore } from '@knot/shared/sqlite';
import type { Store } from '@knot/shared/store';
import { SnapshotVault } from '../spaces/snapshot-vault.js';
import { ObjectReader } from './object-reader.js';
import { Questions } from './questions.js';
import { StoreTime } from './store-time.js';
import { StreamWakeups } from './stream-wakeups.js';
import { BOOKMARK_MS, WatchLocation } from './watch-location.js';
import { WireSnapshots } from './wire-snapshots.js';

const PATIENCE_MS = 5_000;

let folder: string;
let store: Store;
let wakeups: StreamWakeups;
let questions: Questions;
let events: AsyncGenerator<sync.WatchResponse>;
let later: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knot-watch-'));
  store = await openSqliteStore({ file: join(folder, 'knot.db'), clock: systemClock, random: systemRandom });
  later = 0;
  const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + later };
  wakeups = new StreamWakeups(store, clock);
  const newId = createUuidV7(systemClock, systemRandom);
  questions = new Questions(clock, newId, (location) => wakeups.wake(`location:${location}`));
  const vault = new SnapshotVault(new KeyRing([systemRandom(32)], systemRandom));
  const reader = new ObjectReader(store, new WireSnapshots(store, vault));
  const watch = new WatchLocation({ store, reader, wakeups, questions, clock, time: new StoreTime(store, clock) });
  const { epoch, rev, nonce } = await store.head('location:lon');
  const request = { from: { epoch, rev: BigInt(rev), nonce }, answersQuestions: true };
  events = watch.run(create(sync.WatchRequestSchema, request), {
    identity: { location: 'lon', instance: 'i' },
    address: '',
    signal: new AbortController().signal,
  });
});

afterEach(async () => {
  wakeups.close();
  await store.close();
  await rm(folder, { recursive: true });
});

/** What is told next, long before a bookmark would be due. */
async function told(): Promise<sync.WatchResponse['event']> {
  const limit = AbortSignal.timeout(PATIENCE_MS);
  const late = new Promise<never>((_, reject) => {
    limit.addEventListener('abort', () => reject(new Error('nothing was told')));
  });
  const { value } = await Promise.race([events.next(), late]);
  if (value === undefined) throw new Error('it ended');
  return value.event;
}

const deleted = async (): Promise<readonly string[]> => {
  const event = await told();
  return event.case === 'changes' ? event.value.deletes.map(({ id }) => id) : [event.case ?? ''];
};

/** The log names a volume that is gone. */
const drop = (id: string) =>
  store.commit({ expect: [], writes: [], log: [{ stream: 'location:lon', kind: 'volume', id, op: 'delete' }] });

describe('following a location', () => {
  it('hears at once of what is committed while a message is on its way', async () => {
    expect((await told()).case).toBe('bookmark');
    await drop('a');
    expect(await deleted()).toEqual(['a']);
    await drop('b');
    expect(await deleted()).toEqual(['b']);
    await drop('c');
    await drop('d');
    expect(await deleted()).toEqual(['c', 'd']);
  });

  it('has its bookmarks where the log never rests, too', async () => {
    expect((await told()).case).toBe('bookmark');
    await drop('a');
    expect(await deleted()).toEqual(['a']);
    later += BOOKMARK_MS;
    await drop('b');
    const bookmark = await told();
    expect(bookmark).toMatchObject({ case: 'bookmark', value: { position: { rev: 1n } } });
    expect(await deleted()).toEqual(['b']);
  });

  it('asks all that two ask at the same moment', async () => {
    expect((await told()).case).toBe('bookmark');
    const next = told();
    const asking = [questions.ask('lon', { platform: 'nomad' }), questions.ask('lon', { platform: 'docker' })];
    expect(await next).toMatchObject({ case: 'question', value: { platform: 'nomad' } });
    const second = await told();
    expect(second).toMatchObject({ case: 'question', value: { platform: 'docker' } });
    if (second.case !== 'question') throw new Error('no question');
    questions.take('lon', [create(sync.AnswerSchema, { questionId: second.value.id })]);
    expect(await asking[1]).not.toBeNull();
    questions.follow('lon').close();
  });
});
