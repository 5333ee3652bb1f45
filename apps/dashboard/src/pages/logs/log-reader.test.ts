import type { LogLine } from '@knot/contract/log-line';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogReader, MOST_LINES, type LogsView } from './log-reader.js';

const line = (text: string): LogLine => ({ at: 1, service: 'web', level: 'info', text });
const refusal = new Error('refused');

let views: LogsView[];
let signals: AbortSignal[];
const last = () => views.at(-1);
const textsOf = (view: LogsView | undefined) => view?.lines.map(({ text }) => text);

beforeEach(() => {
  vi.useFakeTimers();
  views = [];
  signals = [];
});
afterEach(() => vi.useRealTimers());

/** Each attempt by its own source; the last one goes on for ever once it is through. */
function reader(follow: boolean, ...sources: ((number: number) => readonly (readonly LogLine[])[])[]): LogReader {
  let nth = 0;
  const made = new LogReader({ space: 's', search: '', follow }, (view) => views.push(view), read);
  async function* read(_: unknown, signal: AbortSignal) {
    const at = nth;
    nth += 1;
    signals.push(signal);
    yield* sources[at]?.(at) ?? [];
    if (follow && at >= sources.length - 1) {
      await new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(refusal)));
    }
  }
  made.start();
  return made;
}

describe('a reader of logs', () => {
  it('shows what there is, and that it is all', async () => {
    reader(false, () => [[line('one')], [], [line('two')]]);
    await vi.advanceTimersByTimeAsync(0);
    expect(last()).toMatchObject({ state: 'read' });
    expect(textsOf(last())).toEqual(['one', 'two']);
  });

  it('gathers what comes quickly, and keeps the latest', async () => {
    const many = Array.from({ length: MOST_LINES + 5 }, (_, at) => [line(String(at))]);
    const made = reader(true, () => many);
    await vi.advanceTimersByTimeAsync(200);
    expect(views).toHaveLength(1);
    expect(last()).toMatchObject({ state: 'following' });
    expect(textsOf(last())?.[0]).toBe('5');
    expect(last()?.lines).toHaveLength(MOST_LINES);
    made.stop();
  });

  it('reads what it followed anew when that ends, and shows nothing twice', async () => {
    const made = reader(
      true,
      () => [[line('one')]],
      () => [[line('one'), line('two')]],
    );
    await vi.advanceTimersByTimeAsync(500);
    expect(last()).toMatchObject({ state: 'away' });
    expect(textsOf(last())).toEqual(['one']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(last()).toMatchObject({ state: 'following' });
    expect(textsOf(last())).toEqual(['one', 'two']);
    made.stop();
  });

  it('gives up a connection on which nothing is said', async () => {
    const made = reader(true, () => [[line('one')]]);
    await vi.advanceTimersByTimeAsync(45_500);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(last()).toMatchObject({ state: 'away' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(signals).toHaveLength(2);
    made.stop();
  });

  it('does not wait where the network is back or somebody looks, nor for a connection that slept', async () => {
    const made = reader(
      true,
      () => [[line('one')]],
      () => [[line('one'), line('two')]],
    );
    await vi.advanceTimersByTimeAsync(500);
    made.hurry();
    await vi.advanceTimersByTimeAsync(200);
    expect(textsOf(last())).toEqual(['one', 'two']);
    made.hurry();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(signals).toHaveLength(2);
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    made.hurry();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true, false]);
    made.stop();
  });

  it('says why it could not begin, and does not go on by itself', async () => {
    const made = reader(true, () => {
      throw refusal;
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(last()).toEqual({ lines: [], state: 'failed', error: refusal });
    expect(signals).toHaveLength(1);
    made.stop();
  });

  it('ends at once, and says nothing after it was stopped', async () => {
    const made = reader(true, () => [[line('one')]]);
    await vi.advanceTimersByTimeAsync(10);
    made.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(views).toEqual([]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
