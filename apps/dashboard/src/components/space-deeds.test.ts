import { expect, it } from 'vitest';
import { deedsOf } from './space-deeds.js';

it('offers what makes sense of the wish of now', () => {
  expect(deedsOf({ want: 'stopped', updateAvailable: true })).toEqual(['start']);
  expect(deedsOf({ want: 'running', updateAvailable: false })).toEqual(['stop', 'restart']);
  expect(deedsOf({ want: 'running', updateAvailable: true })).toEqual(['stop', 'restart', 'update']);
  expect(deedsOf({ want: 'deleted', updateAvailable: true })).toEqual([]);
});
