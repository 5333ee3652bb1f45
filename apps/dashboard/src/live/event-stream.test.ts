import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventStream, type StreamState } from './event-stream.js';

/** The browser's EventSource as far as the stream uses it. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 0;

  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }

  close(): void {
    this.readyState = FakeSource.CLOSED;
  }

  opens(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  says(name: string, data = '{}'): void {
    this.dispatchEvent(new MessageEvent(name, { data }));
  }

  fails(readyState: number): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event('error'));
  }
}

let states: StreamState[];
let relists: number;
let changes: string[];
let refreshed: string[];
let refused: number;
let stream: EventStream;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  FakeSource.all = [];
  states = [];
  changes = [];
  relists = 0;
  refreshed = [];
  refused = 0;
  stream = new EventStream({
    onChange: ({ id }) => changes.push(id),
    onRefresh: (kind) => void refreshed.push(kind),
    onRelist: () => (relists += 1),
    onState: (state) => states.push(state),
    onWord: () => {},
    onRefused: () => (refused += 1),
  });
  stream.start();
});

afterEach(() => {
  stream.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const source = () => FakeSource.all.at(-1) as FakeSource;

describe('the one event stream of the page', () => {
  it('tells of changes, and of nothing it does not understand', () => {
    source().opens();
    source().says('change', '{"kind":"space","id":"s-1","op":"delete"}');
    source().says('change', 'nonsense');
    expect(changes).toEqual(['s-1']);
    expect(states).toEqual(['connecting', 'open']);
  });

  it('tells of what kind may differ as a whole', () => {
    source().opens();
    source().says('refresh', '{"kind":"me"}');
    source().says('refresh', '{}');
    expect(refreshed).toEqual(['me', '']);
  });

  it('leaves a reconnect to the browser, which goes on where it was', () => {
    source().opens();
    source().fails(0);
    source().opens();
    expect(states).toEqual(['connecting', 'open', 'cut', 'open']);
    expect(FakeSource.all).toHaveLength(1);
    expect(relists).toBe(1);
  });

  it('tries anew where the server refused, after a wait that grows, and has everything read again', () => {
    source().opens();
    source().fails(2);
    expect(refused).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(FakeSource.all).toHaveLength(2);
    source().fails(2);
    vi.advanceTimersByTime(1_000);
    expect(FakeSource.all).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(FakeSource.all).toHaveLength(3);
    source().opens();
    expect(states.at(-1)).toBe('open');
    expect(relists).toBe(2);
  });

  it('takes a stream without a heartbeat for dead', () => {
    source().opens();
    for (let beat = 0; beat < 4; beat += 1) {
      vi.advanceTimersByTime(15_000);
      source().says('heartbeat');
    }
    expect(states.at(-1)).toBe('open');
    vi.advanceTimersByTime(36_000);
    expect(states.at(-1)).toBe('cut');
    expect(FakeSource.all).toHaveLength(2);
    expect(FakeSource.all[0]?.readyState).toBe(FakeSource.CLOSED);
  });

  it('does not wait where the network is back or somebody looks, and is left alone where it lives', () => {
    source().opens();
    stream.hurry();
    expect(FakeSource.all).toHaveLength(1);
    source().fails(2);
    stream.hurry();
    expect(FakeSource.all).toHaveLength(2);
    source().opens();
    expect(states.at(-1)).toBe('open');
    vi.advanceTimersByTime(30_000);
    expect(FakeSource.all).toHaveLength(2);
  });

  it('is dead for whoever looks after a sleep in which no time passed for the page', () => {
    source().opens();
    vi.setSystemTime(Date.now() + 8 * 3_600_000);
    stream.hurry();
    expect(FakeSource.all).toHaveLength(2);
    expect(FakeSource.all[0]?.readyState).toBe(FakeSource.CLOSED);
  });

  it('has everything read again when the server says so', () => {
    source().opens();
    source().says('relist');
    expect(relists).toBe(2);
  });

  it('has read again what was read before it stood: nothing was told of what changed meanwhile', () => {
    expect(relists).toBe(0);
    source().opens();
    expect(relists).toBe(1);
  });
});
