import { describe, expect, it } from 'vitest';
import { emailProblem, passwordProblem, spaceNameProblem, usernameProblem, variableNameProblem } from './names.js';

describe('a name of a space', () => {
  it.each(['ab', 'A1', 'my-space-2', `a${'b'.repeat(63)}`])('%s is good', (name) => {
    expect(spaceNameProblem(name)).toBeNull();
  });

  it.each(['', 'a', '1a', '-a', 'a_b', 'a--b', 'ab-', 'ä', 'a b', `a${'b'.repeat(64)}`])('%j is not', (name) => {
    expect(spaceNameProblem(name)).toMatch(/^The name of a space .*\.$/);
  });
});

describe('other names', () => {
  it('follow the rules of what they become part of', () => {
    expect(usernameProblem('a')).toBeNull();
    expect(usernameProblem('a--b')).toContain('two hyphens');
    expect(variableNameProblem('a_1')).toBeNull();
    expect(variableNameProblem('a')).not.toBeNull();
    expect(variableNameProblem('a-b')).not.toBeNull();
    expect(emailProblem('a@b')).toBeNull();
    expect(emailProblem('a b@c')).not.toBeNull();
  });
});

describe('a password', () => {
  it('is long, varied, and not the user’s name', () => {
    expect(passwordProblem('correct horse', 'ann')).toBeNull();
    expect(passwordProblem('short', 'ann')).toContain('10 characters');
    expect(passwordProblem('aaaaaaaaaaaa', 'ann')).toContain('different');
    expect(passwordProblem('i-am-ANN-here', 'ann')).toContain('user name');
    expect(passwordProblem('x'.repeat(300), '')).toContain('at most');
  });

  it.each([
    '1234567890',
    'qwertyuiop',
    'poiuytrewq',
    'Password2026!',
    'admin12345',
    'letmein-2026',
    'PasswordPassword1',
  ])('is not %s, which is tried first', (password) =>
    expect(passwordProblem(password, 'ann')).toContain('tries first'),
  );

  it.each(['my secret garden', 'welcome to the jungle', 'admiral-nelson'])('may well be %s', (password) => {
    expect(passwordProblem(password, 'ann')).toBeNull();
  });
});
