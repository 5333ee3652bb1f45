import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '@knot/drivers/fake';
import { JumpingClock } from '../testing/jumping-clock.js';
import { momentOf } from './moment.js';
import { RightToAct } from './right-to-act.js';

const TTL = 30_000;
let world: VirtualClock;
let clock: JumpingClock;
let risen: string[];
let right: RightToAct;

beforeEach(() => {
  world = new VirtualClock();
  clock = new JumpingClock(world);
  risen = [];
  right = new RightToAct(clock, (platform) => risen.push(platform));
});

const lease = (term = 1) => right.noteLease(term, momentOf(clock), TTL);
const lockHeld = (term = 1) =>
  right.noteLock('local', { state: 'held', untilMonotonic: clock.monotonic() + TTL }, term, momentOf(clock), TTL);
const lockRefused = () =>
  right.noteLock('local', { state: 'refused', holder: 'other', term: 2 }, right.term, momentOf(clock), TTL);
const lockUnavailable = (reason: 'BackendForbidden' | 'BackendUnavailable' = 'BackendForbidden') => {
  const trouble = { reason, message: '' } as const;
  right.noteLock('local', { state: 'unavailable', trouble }, right.term, momentOf(clock), TTL);
};

describe('the right to act', () => {
  it('is none before there ever was a lease, even with the lock', () => {
    expect(right.of('local')).toBe('none');
    lockHeld(0);
    right.noteOriginAway();
    expect(right.of('local')).toBe('none');
  });

  it('is full with the lease once the lock was asked for, held or not to be had', () => {
    lease();
    expect(right.of('local')).toBe('none');
    lockUnavailable();
    expect(right.of('local')).toBe('full');
    lockHeld();
    expect(right.of('local')).toBe('full');
    expect(risen).toEqual(['local']);
  });

  it('is none with the lease while the backend has never said who has its lock: an older term might be first', () => {
    lease();
    lockUnavailable('BackendUnavailable');
    expect(right.of('local')).toBe('none');
    expect(right.lockIsAwaited('local')).toBe(true);
    lockHeld();
    expect(right.of('local')).toBe('full');
    lockUnavailable('BackendUnavailable');
    expect(right.of('local')).toBe('full');
    expect(right.lockIsAwaited('local')).toBe(false);
    lease(2);
    lockUnavailable('BackendUnavailable');
    right.noteRecords(2);
    expect(right.of('local')).toBe('none');
  });

  it('is none where somebody else holds the lock, though the origin gave the lease', () => {
    lease();
    lockRefused();
    expect(right.of('local')).toBe('none');
  });

  it('stays full by the lock when the origin falls silent, as long as the lock is renewed', async () => {
    lease();
    lockHeld();
    await world.advance(25_000);
    lockHeld();
    await world.advance(25_000);
    right.noteOriginAway();
    expect(right.leaseHeld).toBe(false);
    expect(right.of('local')).toBe('full');
    await world.advance(5_000);
    expect(right.of('local')).toBe('none');
  });

  it('is none by the lock alone of a process that has just begun, until the origin does not answer', () => {
    right.noteStoredTerm(2);
    right.noteRecords(2);
    lockHeld(2);
    expect(right.of('local')).toBe('none');
    right.noteOriginAway();
    expect(right.of('local')).toBe('full');
  });

  it('allows to put back only, when the origin is away and the lock is not to be had', async () => {
    lease();
    lockUnavailable();
    await world.advance(40_000);
    lockUnavailable();
    expect(right.of('local')).toBe('none');
    right.noteOriginAway();
    expect(right.of('local')).toBe('reapply');
  });

  it('allows to put back only by a lock that was to be had by nobody before, until it has the lease again', async () => {
    lease();
    lockUnavailable();
    await world.advance(TTL);
    right.noteOriginAway();
    lockHeld();
    expect(right.of('local')).toBe('reapply');
    lease();
    expect(right.of('local')).toBe('full');
    await world.advance(TTL / 2);
    lockHeld();
    await world.advance(TTL / 2);
    right.noteOriginAway();
    expect(right.of('local')).toBe('full');
  });

  it('is none from the word of the origin that another one acts, until it holds the lease again', () => {
    lease();
    lockHeld();
    right.noteRefusal('DuplicateLocation');
    expect(right.of('local')).toBe('none');
    lease(3);
    right.noteRecords(3);
    expect(right.of('local')).toBe('none');
    lockHeld(3);
    expect(right.of('local')).toBe('full');
  });

  it('is none after another leaf had a term, until what that one did is known', () => {
    right.noteRecords(1);
    lease(2);
    lockHeld(2);
    expect(right.of('local')).toBe('full');
    lease(4);
    lockHeld(4);
    expect(right.of('local')).toBe('none');
    expect(right.mayReport).toBe(false);
    right.noteRecords(4);
    expect(right.of('local')).toBe('full');
    expect(right.mayReport).toBe(true);
    expect(risen).toEqual(['local', 'local']);
  });

  it('does not let a lock of an older term count', () => {
    lease(1);
    lockHeld(1);
    lease(2);
    expect(right.of('local')).toBe('none');
  });

  it.each<'wallAhead' | 'monotonicAhead'>(['wallAhead', 'monotonicAhead'])(
    'is gone when a process wakes whose clock (%s) has passed the lease, lock or no lock',
    (ahead) => {
      lease();
      lockHeld();
      right.noteOriginAway();
      lease();
      clock[ahead] += 40_000;
      expect(right.of('local')).toBe('none');
      expect(right.leaseHeld).toBe(false);
    },
  );

  it('does not grow when the wall clock is set back', async () => {
    lease();
    lockUnavailable();
    clock.wallAhead -= 3_600_000;
    await world.advance(31_000);
    lockUnavailable();
    expect(right.of('local')).toBe('none');
  });

  it('ends a little before the lease does, so that a last deed is over in time', async () => {
    lease();
    lockUnavailable();
    await world.advance(26_000);
    expect(right.leftMs('local')).toBe(1_000);
  });

  it('tells of each platform whose rights have grown', async () => {
    lease();
    lockHeld();
    await world.advance(60_000);
    expect(right.of('local')).toBe('none');
    lockUnavailable();
    right.noteOriginAway();
    lease();
    expect(risen).toEqual(['local', 'local', 'local']);
  });
});
