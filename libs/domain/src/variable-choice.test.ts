import { expect, it } from 'vitest';
import { chooseVariables } from './variable-choice.js';

it('a variable of the location beats the global one of its name, in whatever order they come, and no other location’s counts', () => {
  const variables = [
    { name: 'a', location: '', value: 1 },
    { name: 'a', location: 'lon', value: 2 },
    { name: 'b', location: '', value: 3 },
    { name: 'c', location: 'ams', value: 4 },
  ];
  for (const order of [variables, [...variables].reverse()]) {
    const chosen = chooseVariables(order, 'lon');
    expect(Object.fromEntries([...chosen].map(([name, { value }]) => [name, value]))).toEqual({ a: 2, b: 3 });
  }
});
