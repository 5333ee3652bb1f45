import { expect, it } from 'vitest';
import { parseDiff } from './parse-diff.js';

it('reads a unified diff line by line, also where a line of the text looks like a head', () => {
  const diff =
    '--- job, version 1\n+++ job, version 2\n@@ -1,3 +1,3 @@\n a\n--- b\n+++ c\n\\ No newline at end of file\n';
  expect(parseDiff(diff)).toEqual([
    { kind: 'head', text: '@@ -1,3 +1,3 @@' },
    { kind: 'same', text: 'a' },
    { kind: 'removed', text: '-- b' },
    { kind: 'added', text: '++ c' },
    { kind: 'head', text: '\\ No newline at end of file' },
  ]);
});
