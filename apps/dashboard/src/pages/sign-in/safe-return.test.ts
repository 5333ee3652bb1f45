import { expect, it } from 'vitest';
import { safeReturn } from './safe-return.js';

it('goes back to a page of this site', () => {
  expect(safeReturn('/spaces/1?phase=Failed')).toBe('/spaces/1?phase=Failed');
});

it('goes to the spaces rather than to another site or in a circle', () => {
  const wrong = [
    null,
    '',
    'https://evil.example/',
    '//evil.example/x',
    '/\\evil.example',
    'javascript:alert(1)',
    '/sign-in?to=/',
  ];
  expect(wrong.map(safeReturn)).toEqual(wrong.map(() => '/spaces'));
});
