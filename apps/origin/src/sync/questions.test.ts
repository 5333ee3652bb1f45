import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import { systemClock } from '@knot/shared';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ANSWER_MS, Questions } from './questions.js';

const ABOUT = { platform: 'nomad', job: 'x' };

let questions: Questions;
let woken: string[];

beforeEach(() => {
  vi.useFakeTimers();
  let ids = 0;
  woken = [];
  questions = new Questions(
    systemClock,
    () => `q${++ids}`,
    (location) => void woken.push(location),
  );
});
afterEach(() => void vi.useRealTimers());

function answerTo(questionId: string, message: string): sync.Answer[] {
  return [create(sync.AnswerSchema, { questionId, warnings: [{ message }] })];
}

describe('questions', () => {
  it('go to the newest stream of the location, and the answer to who asked', async () => {
    const [old, stream] = [questions.follow('lon'), questions.follow('lon')];
    const asking = questions.ask('lon', ABOUT);
    old.close();
    expect(woken).toEqual(['lon']);
    expect([old.next(), stream.next(), stream.next()]).toMatchObject([undefined, { id: 'q1', job: 'x' }, undefined]);
    questions.take('lon', answerTo('q1', 'no'));
    expect(await asking).toMatchObject({ warnings: [{ message: 'no' }] });
    stream.close();
    expect(questions.reaches('lon')).toBe(false);
  });

  it('are not answered by another location, and go without an answer after a while', async () => {
    const stream = questions.follow('lon');
    const asking = questions.ask('lon', ABOUT);
    questions.take('ams', answerTo('q1', 'mine'));
    await vi.advanceTimersByTimeAsync(ANSWER_MS);
    expect(await asking).toBeNull();
    expect(stream.next()).toBeUndefined();
    questions.take('lon', answerTo('q1', 'too late'));
  });
});
