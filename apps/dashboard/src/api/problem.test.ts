import { describe, expect, it } from 'vitest';
import { parseProblem } from './parse-problem.js';
import { hasCode, placeOf } from './problem.js';

const syntax = {
  type: 'urn:knot:error:template.syntax',
  title: 'The template does not parse',
  status: 400,
  code: 'template.syntax',
  detail: 'An action has no end.',
  hint: 'Close it with }}.',
  line: 3,
  column: 7,
  text: 'volumes',
};

describe('an error of the server', () => {
  it('is told with its code, sentence and hint', () => {
    const error = parseProblem(syntax, 400);
    expect(error.message).toBe('An action has no end.');
    expect(error.problem.hint).toBe('Close it with }}.');
    expect(hasCode(error, 'template.syntax')).toBe(true);
    expect(hasCode(new Error('x'), 'template.syntax')).toBe(false);
  });

  it('leads to its place in the text', () => {
    expect(placeOf(parseProblem(syntax, 400))).toEqual({ line: 3, column: 7, text: 'volumes' });
    expect(placeOf(parseProblem({ ...syntax, line: 0 }, 400))).toBeNull();
    expect(placeOf(new Error('x'))).toBeNull();
  });

  it('has a sentence even where a proxy on the way answered', () => {
    for (const body of ['<html>502</html>', undefined, { message: 'no' }, []]) {
      const error = parseProblem(body, 502);
      expect(error.code).toBe('server.unavailable');
      expect(error.message).toContain('502');
      expect(error.problem.hint).not.toBe('');
    }
  });
});
