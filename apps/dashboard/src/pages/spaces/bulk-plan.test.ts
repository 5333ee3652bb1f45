import { expect, it } from 'vitest';
import { madeSpace } from '../../testing/made.js';
import { bulkPlan } from './bulk-plan.js';

it('does a deed where it means something and is allowed, and says which spaces it passes over', () => {
  const spaces = [
    madeSpace({ id: '1', name: 'runs' }),
    madeSpace({ id: '2', name: 'rests', want: 'stopped', phase: 'Stopped' }),
    madeSpace({ id: '3', name: 'foreign', owner: { id: 'user-2', username: 'bob' } }),
    madeSpace({ id: '4', name: 'goes', want: 'deleted', phase: 'Deleting' }),
  ];
  const names = (deed: 'start' | 'stop' | 'delete') => {
    const plan = bulkPlan(spaces, deed, ({ owner }) => owner.id === 'user-1');
    return [plan.todo, plan.passed, plan.refused].map((list) => list.map(({ name }) => name));
  };
  expect(names('start')).toEqual([['rests'], ['runs', 'goes'], ['foreign']]);
  expect(names('stop')).toEqual([['runs'], ['rests', 'goes'], ['foreign']]);
  expect(names('delete')).toEqual([['runs', 'rests'], ['goes'], ['foreign']]);
});
