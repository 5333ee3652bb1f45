import { expect, it } from 'vitest';
import type { Check } from '../../api/schemas.js';
import { checksInOrder, toneOfCheck } from './checks-in-order.js';

const check = (code: Check['code'], severity: Check['severity'], subject = ''): Check => ({
  ...{ code, severity, subject, sentence: 'It is so.', advice: '', documentation: '' },
});

it('errors come before warnings, each in the order of the server, and what is well stands apart', () => {
  const { failed, well } = checksInOrder([
    check('store.silent', 'ok'),
    check('store.data-loss', 'warning'),
    check('restore.not-accepted', 'error'),
    check('location.silent', 'warning', 'lon'),
  ]);
  expect(failed.map(({ code }) => code)).toEqual(['restore.not-accepted', 'store.data-loss', 'location.silent']);
  expect(well.map(({ code }) => code)).toEqual(['store.silent']);
});

it('a silent location is grey, other warnings are not, and nothing but what is well is green', () => {
  expect(toneOfCheck(check('location.silent', 'warning', 'lon'))).toBe('unknown');
  expect(toneOfCheck(check('tls.plaintext', 'warning'))).toBe('falling');
  expect(toneOfCheck(check('store.silent', 'error'))).toBe('bad');
  expect(toneOfCheck(check('location.silent', 'ok'))).toBe('good');
});
