import { expect, it } from 'vitest';
import { ownPath } from './own-path.js';

it.each(['/', '/spaces?q=a&b=%20c', '/a/../b', '/~x;y=1,(z)!'])('goes back to %s', (path) => {
  expect(ownPath(path)).toBe(path);
});

it.each([
  undefined,
  '',
  'spaces',
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '/a\\b',
  '/.//evil.example',
  '/a/..//evil.example',
  '/%2e//evil.example',
  '/a b',
  '/\nset-cookie: a',
  '/é',
])('goes to the first page instead of %s', (path) => {
  expect(ownPath(path)).toBe('/');
});
