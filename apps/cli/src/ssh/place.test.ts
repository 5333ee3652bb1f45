import { expect, it } from 'vitest';
import { parsePlace } from './place.js';

it.each([
  ['notes.md', null, 'notes.md'],
  ['./a:b', null, './a:b'],
  ['/a:b', null, '/a:b'],
  ['C:\\notes', null, 'C:\\notes'],
  ['hello:', 'hello', '.'],
  ['hello:a:b', 'hello', 'a:b'],
  ['ada/hello:/etc/hosts', 'ada/hello', '/etc/hosts'],
])('%s is a place', (text, space, path) => {
  expect(parsePlace(text)).toEqual({ space, path });
});
