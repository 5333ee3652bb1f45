import { expect, it, onTestFinished } from 'vitest';
import type { BackendLock, LockAnswer } from '../driver.js';
import { newScope, type Stage } from './stage.js';

/** Longer than any test takes, also on a machine with much else to do. */
const HELD_MS = 60_000;

/** Each test has a location of its own, so that one lock never meets another's past. */
export function lockSuite(stage: () => Stage): void {
  it('is held by the first, renewed by it, and refused to a second', async () => {
    const [first, second] = contenders(stage());
    expect((await hold(first, 'a', 3)).state).toBe('held');
    expect((await hold(first, 'a', 3)).state).toBe('held');
    expect(await hold(second, 'b', 3)).toEqual({ state: 'refused', holder: 'a', term: 3 });
    expect(await hold(second, 'b', 4)).toEqual({ state: 'refused', holder: 'a', term: 3 });
  });

  it('tells until when it is held', async () => {
    const [first] = contenders(stage());
    const [early, late] = [await hold(first, 'a', 1), await hold(first, 'a', 1)];
    if (early.state !== 'held' || late.state !== 'held') throw new Error('The lock was not held.');
    expect(late.untilMonotonic).toBeGreaterThanOrEqual(early.untilMonotonic);
  });

  it('lets its holder go on with a higher term, and not with a lower one', async () => {
    const [first, second] = contenders(stage());
    await hold(first, 'a', 3);
    expect((await hold(first, 'a', 5)).state).toBe('held');
    expect(await hold(second, 'b', 5)).toEqual({ state: 'refused', holder: 'a', term: 5 });
    expect((await hold(first, 'a', 4)).state).toBe('refused');
  });

  it('goes to another with the same or a higher term once it is released', async () => {
    const [first, second] = contenders(stage());
    await hold(first, 'a', 3);
    await first.release(stage().signal());
    await untilHeld(second, 'b', 3);
    expect(await hold(first, 'a', 3)).toEqual({ state: 'refused', holder: 'b', term: 3 });
  });

  it('goes to a higher term once it has run out', async () => {
    const [first, second] = contenders(stage());
    await hold(first, 'a', 3, ttlMs());
    await untilHeld(second, 'b', 4);
    expect(await hold(first, 'a', 3)).toMatchObject({ state: 'refused', holder: 'b', term: 4 });
  });

  it('never goes to a lower term, held or not', async () => {
    const [first, second] = contenders(stage());
    await hold(first, 'a', 3);
    expect((await hold(second, 'b', 2)).state).toBe('refused');
    await first.release(stage().signal());
    expect((await hold(second, 'b', 2)).state).toBe('refused');
    await stage().passTime(2 * ttlMs());
    expect((await hold(second, 'b', 2)).state).toBe('refused');
  });

  it('is released once, again without harm, and only by its holder', async () => {
    const [first, second] = contenders(stage());
    await second.release(stage().signal());
    await hold(first, 'a', 1);
    await second.release(stage().signal());
    expect((await hold(second, 'b', 1)).state).toBe('refused');
    await first.release(stage().signal());
    await first.release(stage().signal());
    await untilHeld(second, 'b', 1);
  });

  it('is one per location', async () => {
    const [first] = contenders(stage());
    const [other] = contenders(stage());
    expect((await hold(first, 'a', 1)).state).toBe('held');
    expect((await hold(other, 'b', 1)).state).toBe('held');
  });

  it('has one winner of many at the same moment', async () => {
    const scope = newScope();
    const many = Array.from({ length: 8 }, () => stage().harness.open(scope).lock());
    const answers = await Promise.all(many.map((lock, n) => hold(lock, `holder-${n}`, 1)));
    const winner = answers.findIndex(({ state }) => state === 'held');
    expect(answers.filter(({ state }) => state === 'held')).toHaveLength(1);
    for (const [n, lock] of many.entries()) {
      const answer = await hold(lock, `holder-${n}`, 1);
      if (n === winner) expect(answer.state).toBe('held');
      else expect(answer).toEqual({ state: 'refused', holder: `holder-${winner}`, term: 1 });
    }
    await many[winner]?.release(stage().signal());
  });

  function contenders({ harness }: Stage): [BackendLock, BackendLock] {
    const scope = newScope();
    const [first, second] = [harness.open(scope).lock(), harness.open(scope).lock()];
    onTestFinished(async () => {
      await first.release(stage().signal());
      await second.release(stage().signal());
    });
    return [first, second];
  }

  function hold(lock: BackendLock, holder: string, term: number, ttlMs = HELD_MS): Promise<LockAnswer> {
    return lock.hold({ holder, term, ttlMs }, stage().signal());
  }

  async function untilHeld(lock: BackendLock, holder: string, term: number): Promise<void> {
    await stage().eventually(
      'held',
      () => hold(lock, holder, term),
      ({ state }) => state === 'held',
    );
  }

  /** As short as the backend takes it. */
  function ttlMs(): number {
    return stage().harness.lockTtlMs ?? 1_000;
  }
}
