import { describe, expect, it } from 'vitest';
import type { Want } from './desired.js';
import { WISHES, decideWish, type Wish } from './wish.js';

const decide = (wish: Wish, want: Want, everStarted = true, updateAvailable = false) =>
  decideWish(wish, { want, everStarted, updateAvailable });

describe('a wish', () => {
  it.each([
    ['start', 'stopped', { do: 'wish', want: 'running', freeze: true, reserve: true }],
    ['start', 'running', { do: 'nothing' }],
    ['start', 'deleted', { do: 'refuse' }],
    ['stop', 'running', { do: 'wish', want: 'stopped', freeze: false, reserve: false }],
    ['stop', 'stopped', { do: 'nothing' }],
    ['stop', 'deleted', { do: 'nothing' }],
    ['restart', 'running', { do: 'wish', want: 'running', restarts: 1, freeze: false, reserve: false }],
    ['restart', 'stopped', { do: 'refuse' }],
    ['restart', 'deleted', { do: 'refuse' }],
    ['update', 'stopped', { do: 'nothing' }],
    ['update', 'deleted', { do: 'refuse' }],
    ['delete', 'running', { do: 'wish', want: 'deleted' }],
    ['delete', 'stopped', { do: 'wish', want: 'deleted' }],
    ['delete', 'deleted', { do: 'nothing' }],
  ] as const)('to %s a space that is wanted %s', (wish, want, decision) => {
    expect(decide(wish, want)).toMatchObject(decision);
  });

  it('to update freezes anew only where something is newer, and keeps its place in the quota', () => {
    expect(decide('update', 'running')).toEqual({ do: 'nothing' });
    expect(decide('update', 'running', true, true)).toMatchObject({ do: 'wish', freeze: true, reserve: false });
  });

  it('to delete drops the row at once where nothing can exist', () => {
    expect(decide('delete', 'stopped', false)).toEqual({ do: 'drop' });
  });

  it('to stop or delete is never refused', () => {
    const wants: Want[] = ['running', 'stopped', 'deleted'];
    const refused = WISHES.filter((wish) => wants.some((want) => decide(wish, want).do === 'refuse'));
    expect(refused).toEqual(['start', 'restart', 'update']);
  });
});
