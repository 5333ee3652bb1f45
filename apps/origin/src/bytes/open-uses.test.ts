import { systemClock } from '@knot/shared';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { OpenUses } from './open-uses.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new Promise<void>(() => undefined);

function playground() {
  let commit = (): void => undefined;
  const onCommit = (listener: (streams: readonly never[]) => void) => {
    commit = () => listener([]);
    return () => undefined;
  };
  const uses = new OpenUses({ onCommit }, systemClock);
  const open = (key: string) => {
    const use = { key, still: vi.fn(() => Promise.resolve(true)), cut: vi.fn() };
    void uses.watch('space', use, never);
    return use;
  };
  return { open, commit: () => commit() };
}

it('looks at what was just opened, whose opener may have lost it meanwhile', async () => {
  const { open } = playground();
  const use = open('a');
  use.still.mockResolvedValue(false);
  await vi.advanceTimersByTimeAsync(400);
  expect(use.cut).toHaveBeenCalled();
});

it('looks at all as soon as something is committed, and at nothing twice where nothing is', async () => {
  const { open, commit } = playground();
  const [one, other] = [open('a'), open('b')];
  await vi.advanceTimersByTimeAsync(1_000);
  const looks = one.still.mock.calls.length;
  one.still.mockResolvedValue(false);
  commit();
  await vi.advanceTimersByTimeAsync(1);
  expect(one.cut).toHaveBeenCalled();
  expect(other.cut).not.toHaveBeenCalled();
  expect(other.still.mock.calls.length).toBe(looks + 1);
});

it('finds what no commit tells of, while others are being opened all the time', async () => {
  const { open } = playground();
  const use = open('a');
  await vi.advanceTimersByTimeAsync(500);
  use.still.mockResolvedValue(false);
  for (let passed = 0; passed < 2_500; passed += 100) {
    open(`other ${passed}`);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(use.cut).toHaveBeenCalled();
});

it('waits for no slow answer with the others, nor for ever, and a store that does not answer takes nothing', async () => {
  const { open } = playground();
  const [slow, failing, gone] = [open('slow'), open('failing'), open('gone')];
  slow.still.mockReturnValue(new Promise(() => undefined));
  failing.still.mockRejectedValue(new Error('The store is away.'));
  gone.still.mockResolvedValue(false);
  await vi.advanceTimersByTimeAsync(400);
  expect(gone.cut).toHaveBeenCalled();
  slow.still.mockResolvedValue(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(slow.cut).toHaveBeenCalled();
  expect(failing.cut).not.toHaveBeenCalled();
});
