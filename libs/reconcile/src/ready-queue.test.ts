import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { PRIORITIES, type Priority } from './priority.js';
import { ReadyQueue } from './ready-queue.js';

function takeAll(queue: ReadyQueue, now: number): string[] {
  const keys: string[] = [];
  for (let taken = queue.take(now); taken; taken = queue.take(now)) keys.push(taken.key);
  return keys;
}

describe('the order of the queue', () => {
  test('keys that came together go by priority, those of one priority by arrival', () => {
    const queue = new ReadyQueue();
    queue.put('round', 'resync', 0);
    queue.put('moved', 'drift', 0);
    queue.put('report', 'status', 0);
    queue.put('wish 1', 'user', 0);
    queue.put('wish 2', 'user', 0);
    expect(takeAll(queue, 0)).toEqual(['wish 1', 'wish 2', 'report', 'moved', 'round']);
  });

  test('a resync that waited for 28 s goes before a report of this moment, not before a wish of this moment', () => {
    const queue = new ReadyQueue();
    queue.put('round', 'resync', 0);
    queue.put('report', 'status', 28_000);
    queue.put('wish', 'user', 28_000);
    expect(takeAll(queue, 28_000)).toEqual(['wish', 'round', 'report']);
  });

  test('a wish goes before a resync of 10,000 keys however long they have waited', () => {
    const queue = new ReadyQueue();
    for (let i = 0; i < 10_000; i++) queue.put(`round ${i}`, 'resync', 0);
    for (let i = 0; i < 5_000; i++) queue.take(3_600_000);
    queue.put('wish', 'user', 3_600_000);
    expect(queue.take(3_600_000)).toEqual({ key: 'wish', priority: 'user', waitedMs: 0 });
  });

  test('an endless flood of wishes leaves one turn in nine to what has aged', () => {
    const queue = new ReadyQueue();
    queue.put('round', 'resync', 0);
    queue.put('report', 'status', 29_000);
    for (let i = 0; i < 100; i++) queue.put(`wish ${i}`, 'user', 30_000);
    const order = takeAll(queue, 30_000);
    expect(order.indexOf('round')).toBe(8);
    expect(order.indexOf('report')).toBe(101);
  });

  test('a raised key is there once, at its new priority, and its wait counts on', () => {
    const queue = new ReadyQueue();
    queue.put('a', 'resync', 0);
    queue.put('b', 'status', 1_000);
    queue.put('a', 'status', 2_000);
    queue.put('a', 'drift', 2_000);
    expect(queue.size).toBe(2);
    expect(queue.depth('resync')).toBe(0);
    expect(queue.oldestAgeMs('status', 2_500)).toBe(2_500);
    expect(takeAll(queue, 2_500)).toEqual(['a', 'b']);
  });
});

const key = fc.integer({ min: 0, max: 12 }).map(String);
const priority = fc.constantFrom(...PRIORITIES);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), key, priority }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
  fc.record({ do: fc.constant('delete' as const), key }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 20_000 }) }),
);

const AGED_UP_AFTER: Record<Priority, number> = { user: 0, status: 3_000, drift: 15_000, resync: 30_000 };

test.prop([fc.array(step, { maxLength: 150, size: 'max' })])(
  'whatever was put, raised and deleted, each turn goes to the right key',
  (steps) => {
    const queue = new ReadyQueue();
    const model = new Map<string, { priority: Priority; since: number; place: number }>();
    let now = 0;
    let place = 0;
    let usersInARow = 0;
    for (const each of steps) {
      if (each.do === 'wait') now += each.ms;
      if (each.do === 'delete') {
        queue.delete(each.key);
        model.delete(each.key);
      }
      if (each.do === 'put') {
        queue.put(each.key, each.priority, now);
        const known = model.get(each.key);
        if (!known || PRIORITIES.indexOf(each.priority) < PRIORITIES.indexOf(known.priority)) {
          const since = known && each.priority !== 'user' ? known.since : now;
          model.set(each.key, { priority: each.priority, since, place: place++ });
        }
      }
      if (each.do === 'take') {
        const taken = queue.take(now);
        const urgentAt = ([, item]: [string, { priority: Priority; since: number; place: number }]) =>
          item.since + AGED_UP_AFTER[item.priority];
        // Equal moments go to the higher priority, then to the earlier arrival.
        const order = [...model].sort(
          (a, b) =>
            urgentAt(a) - urgentAt(b) ||
            PRIORITIES.indexOf(a[1].priority) - PRIORITIES.indexOf(b[1].priority) ||
            a[1].place - b[1].place,
        );
        const user = order.find(([, item]) => item.priority === 'user');
        const aged = order.find(([, item]) => item.priority !== 'user');
        const expected = user && !(aged && usersInARow >= 8 && urgentAt(aged) <= now) ? user : (aged ?? user);
        expect(taken?.key).toBe(expected?.[0]);
        expect(taken?.priority).toBe(expected?.[1].priority);
        if (taken) usersInARow = taken.priority === 'user' ? usersInARow + 1 : 0;
        if (taken) model.delete(taken.key);
      }
      expect(queue.size).toBe(model.size);
    }
  },
);
