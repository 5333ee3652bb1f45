import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTemplate } from '../render-template.js';
import { TemplateError } from '../template-error.js';
import { awkwardText } from '../testing/awkward-text.js';
import { readHcl } from '../testing/read-hcl.js';
import { trusted, userField } from '../values/data.js';

const render = (template: string, v: string, w = ''): string =>
  renderTemplate(template, { var: trusted({ v, w }), user: userField({ v, w }) }, { format: 'hcl' });
const problem = (template: string, v: string): string => {
  try {
    return `no error: ${render(template, v)}`;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return `${error.line}:${error.column} ${error.message}`;
  }
};

describe('a value in HCL', () => {
  it.each([
    ['a = "${{ .var.v }}"', 'say "hi"\n\\ ${x} %{y}', 'a = "say \\"hi\\"\\n\\\\ $${x} %%{y}"'],
    ['a = "${NOMAD_TASK_DIR}/${{ .var.v }}"', 'x', 'a = "${NOMAD_TASK_DIR}/x"'],
    ['a = "$${{ .var.v }}"', '{x}', 'a = "$${x}"'],
    ['a = "${{ .var.v }}{x}"', '$', 'a = "$${x}"'],
    ['a = "${{ .var.v }}${x}"', '$', 'a = "\\u0024${x}"'],
    ['a = "${{ .var.v }}"', '100%', 'a = "100%"'],
    ['a = "${{ .var.v }}${{ .var.w }}{x}"', '$', 'a = "$${x}"'],
    ['a = "${ f("${{ .var.v }}") }"', '"', 'a = "${ f("\\"") }"'],
    ['a = "${ ${{ .var.v }} }"', 'f(1, "}")', 'a = "${ f(1, "}") }"'],
    ['a = "${ f("}") }${{ .var.v }}"', '"', 'a = "${ f("}") }\\""'],
    [
      'a = <<EOF\n${{ .var.v }}\nEOF\nb = "${{ .var.v }}"',
      '"${x}"\n',
      'a = <<EOF\n"$${x}"\n\nEOF\nb = "\\"$${x}\\"\\n"',
    ],
    ['a = <<EOF # no heredoc\n b = "${{ .var.v }}"', '\n', 'a = <<EOF # no heredoc\n b = "\\n"'],
    ['a = <<-EOF\n    x ${{ .var.v }}\n    EOF', 'a\n b', 'a = <<-EOF\n    x a${"\\n"} b\n    EOF'],
    ['# ${{ .var.v }}\n', 'a\nb = 1', '# a b = 1\n'],
    ['// ${{ .var.v }}\n"${{ .var.v }}"', '\n', '//  \n"\\n"'],
    ['/* ${{ .var.v }} */ "${{ .var.v }}"', 'x */ "', '/* x * / " */ "x */ \\""'],
    ['/*${{ .var.v }}/ */', '*', '/** / */'],
    ['${{ .var.v }}\na = "${{ .var.v }}"', 'env {\n x = "1"\n}', 'env {\n x = "1"\n}\na = "env {\\n x = \\"1\\"\\n}"'],
    ['${{ .var.v }}${{ .var.v }}', '"', '"\\"'],
    ['a = ${{ quote .user.v }}', 'a"\n%{b}', 'a = "a\\"\\n%%{b}"'],
    ['a = ${{ dict "k" .var.v | toJson }}', '${x}', 'a = {"k":"$${x}"}'],
    ['a = "${{ dict "k" .var.v | toJson }}"', 'x', 'a = "{\\"k\\":\\"x\\"}"'],
    ['job ${{ .user.v }} {}', 'web-1', 'job web-1 {}'],
  ])('%j with %j becomes %j', (template, value, expected) => {
    expect(render(template, value)).toBe(expected);
  });

  it.each([
    ['a = ${{ .user.v }}', 'x"', '1:9 the value of .user.v may not stand outside of quotes'],
    ['a = ${{ print "" .user.v }}', '//', '1:9 the value of .user.v may not stand outside of quotes'],
    ['a = <<${{ .user.v }}\n', 'EOF', '1:11 the value of .user.v may not stand outside of quotes'],
    ['a = "\\${{ .var.v }}"', 'x', '1:11 this value stands behind a backslash'],
    ['a = <<EOF\n${{ .var.v }}\nEOF', 'x\n EOF \ny', '2:5 this value makes a line that ends the heredoc'],
    ['a = <<EOF\nE${{ .var.v }}\nEOF', 'OF', '2:6 this value makes a line that ends the heredoc'],
    ['a = <<EOF\n${{ .var.v }}EOF\nEOF', '\n', '2:5 this value makes a line that ends the heredoc'],
    ['a = "${{ .user.v }}"', '${meta.secret}', '1:10 the value of .user.v holds ${ or {{'],
    ['a = "{${{ .user.v }}"', '{ key "x" }}', '1:11 the value of .user.v holds ${ or {{'],
    ['a = "${{ .user.v }}{ key }}"', '{', '1:10 the value of .user.v holds ${ or {{'],
  ])('%j with %j is refused', (template, value, expected) => {
    expect(problem(template, value)).toContain(expected);
  });

  const before = fc.constantFrom('', 'a', ' ', '$', '%', '$$', '{', '%$', '$${y}', '${"q"}');
  const after = fc.constantFrom('', 'b', ' ', '{', '{x}', '$', '$${z}', '}', '%', '${"r"}');
  /** What HCL reads is in Unicode's normal form C. */
  const asRead = (text: string): string => text.toWellFormed();
  const decoded = (literal: string): string =>
    literal.replace('${"q"}', 'q').replace('${"r"}', 'r').replace('$${', '${');

  it('is read back from a quoted string as it is, and nothing around it changes', () => {
    fc.assert(
      fc.property(awkwardText, awkwardText, before, after, (v, w, pre, post) => {
        fc.pre(v !== '' && w !== '');
        const out = render(`y = "s"\na = "${pre}\${{ .var.v }}\${{ .var.w }}${post}"\nz = "e"\n`, v, w);
        expect(readHcl(out)).toEqual({
          y: 's',
          a: asRead(decoded(pre) + v.toWellFormed() + w.toWellFormed() + decoded(post)),
          z: 'e',
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('is read back from a heredoc as it is, or refused because it ends it', () => {
    fc.assert(
      fc.property(awkwardText, before, after, fc.constantFrom('', '  '), (v, pre, post, margin) => {
        fc.pre(v !== '');
        const template = `a = <<EOF\n${margin}${pre}\${{ .var.v }}${post}\nlast\nEOF\nz = "e"\n`;
        const result = problem(template, v);
        if (/^2:\d+ this value makes a line that ends/.test(result)) return;
        const value = `${margin}${decoded(pre)}${v.toWellFormed()}${decoded(post)}\nlast\n`;
        expect(readHcl(render(template, v))).toEqual({ a: value, z: 'e' });
      }),
      { numRuns: 2000 },
    );
  });

  it('is read back from an indented heredoc as it is, and the other lines keep their indentation', () => {
    fc.assert(
      fc.property(awkwardText, before, after, (v, pre, post) => {
        fc.pre(v !== '');
        const template = `a = <<-EOF\n    first\n    ${pre}\${{ .var.v }}${post}\n      last\n  EOF\nz = "e"\n`;
        const result = problem(template, v);
        if (/^3:\d+ this value makes a line that ends/.test(result)) return;
        const value = `first\n${decoded(pre)}${v.toWellFormed()}${decoded(post)}\n  last\n`;
        expect(readHcl(render(template, v))).toEqual({ a: value, z: 'e' });
      }),
      { numRuns: 2000 },
    );
  });

  it('stays in its comment', () => {
    fc.assert(
      fc.property(awkwardText, (v) => {
        const out = render(
          '# ${{ .var.v }}\na = "1" # ${{ .var.v }}\nb = "2" /*${{ .var.v }}*/\n// ${{ .var.v }}\nz = "e"\n',
          v,
        );
        expect(readHcl(out)).toEqual({ a: '1', b: '2', z: 'e' });
      }),
      { numRuns: 1000 },
    );
  });

  it('of a user changes nothing outside of quotes', () => {
    fc.assert(
      fc.property(awkwardText, (v) => {
        const quoted = render('a = ${{ .user.v | quote }}\nz = "e"\n', v.replaceAll('{', '('));
        expect(readHcl(quoted)).toEqual({ a: v.replaceAll('{', '(').toWellFormed(), z: 'e' });
        expect(problem('a = ${{ .user.v }}\n', v)).toMatch(
          /^no error: a = [A-Za-z0-9_.-]*\n$|may not stand outside of quotes|holds \$\{ or/,
        );
      }),
      { numRuns: 1000 },
    );
  });
});
