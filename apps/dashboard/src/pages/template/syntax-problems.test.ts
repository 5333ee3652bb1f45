import { expect, it } from 'vitest';
import { syntaxProblems } from './syntax-problems.js';

it('tells where a text breaks the grammar, before any server is asked', () => {
  expect(syntaxProblems('job', 'a: ${{ .space.name }}')).toEqual([]);
  expect(syntaxProblems('volumes', 'a:\n  b: ${{ if .x }}')).toMatchObject([
    { text: 'volumes', code: 'template.syntax', line: 2, column: 10 },
  ]);
});
