import { quickFormProblem } from '@knot/domain';
import { describe, expect, it } from 'vitest';
import { EMPTY_DRAFT, quickFormOf, wordsOf } from './quick-draft.js';

describe('the quick form', () => {
  it.each([
    ['sleep  infinity', ['sleep', 'infinity']],
    [`sh -c 'echo "$HOME"; sleep 1'`, ['sh', '-c', 'echo "$HOME"; sleep 1']],
    ['say "two words" a\\ b', ['say', 'two words', 'a b']],
    ['say "a \\"quoted\\" one" x"y z"', ['say', 'a "quoted" one', 'xy z']],
    ['', []],
    ["''", ['']],
  ])('takes %s apart as a shell does', (line, words) => expect(wordsOf(line)).toEqual(words));

  it('reads variables line by line, and refuses one without a value by its name', () => {
    const form = quickFormOf({ ...EMPTY_DRAFT, image: ' debian:bookworm ', env: 'A=1,2\n\nB = x=y\n' });
    expect(form).toMatchObject({ image: 'debian:bookworm', env: { A: '1,2', B: ' x=y' } });
    expect(quickFormProblem(form)).toBeNull();
    expect(quickFormProblem(quickFormOf({ ...EMPTY_DRAFT, image: 'x', env: 'no value' }))).toMatch(
      /^no value is no name/,
    );
  });
});
