import { expect, it } from 'vitest';
import { foundGoals } from './found.js';

const goal = (label: string, kind = 'page') => ({ to: `/${label}`, label, kind });

it('finds by all words, in label and kind, beginnings first', () => {
  const goals = [goal('My shop', 'space'), goal('Shop', 'template'), goal('Shop front', 'space'), goal('Users')];
  expect(foundGoals(goals, 'shop').map(({ label }) => label)).toEqual(['Shop', 'Shop front', 'My shop']);
  expect(foundGoals(goals, 'space sho').map(({ label }) => label)).toEqual(['My shop', 'Shop front']);
  expect(foundGoals(goals, '  ')).toHaveLength(4);
  expect(foundGoals(goals, 'nothing')).toEqual([]);
});
