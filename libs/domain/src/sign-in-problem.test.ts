import { expect, it } from 'vitest';
import { signInProblem } from './sign-in-problem.js';

it('an address says why a sign-in failed by a word of ours, and nothing else', () => {
  expect(signInProblem('email-taken')).toBe('email-taken');
  expect(signInProblem('Your account was hacked, call 0900 …')).toBe('failed');
  expect([signInProblem(null), signInProblem('')]).toEqual([null, null]);
});
