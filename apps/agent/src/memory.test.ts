import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Memory, type Favoured } from './memory.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('memory is favoured while nobody uses the agent, and speed while somebody does', () => {
  const said: Favoured[] = [];
  const memory = new Memory((what) => said.push(what), 1_000);
  const [one, other, later] = [new EventEmitter(), new EventEmitter(), new EventEmitter()];
  memory.use(one);
  memory.use(other);
  one.emit('close');
  vi.advanceTimersByTime(5_000);
  expect(said).toEqual(['speed']);
  other.emit('close');
  vi.advanceTimersByTime(900);
  memory.use(later);
  vi.advanceTimersByTime(5_000);
  expect(said).toEqual(['speed']);
  later.emit('close');
  vi.advanceTimersByTime(1_000);
  expect(said).toEqual(['speed', 'memory']);
});
