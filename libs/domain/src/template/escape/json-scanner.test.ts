import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTemplate } from '../render-template.js';
import { TemplateError } from '../template-error.js';
import { awkwardText } from '../testing/awkward-text.js';
import { trusted, userField } from '../values/data.js';

const render = (template: string, v: string): string =>
  renderTemplate(template, { var: trusted({ v }), user: userField({ v }) }, { format: 'json' });

describe('a value in JSON', () => {
  it('is read back from a string as it is, and nothing around it changes', () => {
    fc.assert(
      fc.property(awkwardText, (v) => {
        const out = render('{"${{ .var.v }}": "a \\"${{ .var.v }}\\\\", "list": [1, "${{ .var.v }}"], "z": "e"}', v);
        const w = v.toWellFormed();
        expect(Object.entries(JSON.parse(out))).toEqual(Object.entries({ [w]: `a "${w}\\`, list: [1, w], z: 'e' }));
      }),
      { numRuns: 2000 },
    );
  });

  it('is read back from toJson and quote outside of quotes, whoever wrote it', () => {
    fc.assert(
      fc.property(awkwardText, (text) => {
        const v = text.replaceAll('{', '(');
        const out = render(
          '{"a": ${{ toJson .user.v }}, "b": ${{ quote .user.v }}, "c": ${{ toPrettyJson .user }}}',
          v,
        );
        const w = v.toWellFormed();
        expect(JSON.parse(out)).toEqual({ a: w, b: w, c: { v: w } });
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['{"a": ${{ .user.v }}}', '1, "b": 2', '1:11 the value of .user.v may not stand outside of quotes'],
    ['{"a": "\\${{ .var.v }}"}', 'n', '1:13 this value stands behind a backslash'],
    ['{"a": "\\u00${{ .var.v }}"}', '41', '1:16 this value stands behind a backslash'],
    ['{"a": "${{ .user.v }}"}', '${attr.secret}', '1:12 the value of .user.v holds ${ or {{'],
  ])('%j with %j is refused', (template, v, expected) => {
    const error = catchError(() => render(template, v));
    expect(`${error.line}:${error.column} ${error.message}`).toContain(expected);
  });

  it('goes in raw outside of quotes when an administrator wrote it', () => {
    expect(render('{"a": ${{ .var.v }}, "b": "${{ .var.v }}"}', '{"x": "}"}')).toBe(
      '{"a": {"x": "}"}, "b": "{\\"x\\": \\"}\\"}"}',
    );
  });
});

function catchError(run: () => unknown): TemplateError {
  try {
    run();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('no error');
}
