import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, parse, parseAllDocuments, Scalar } from 'yaml';
import { renderTemplate } from '../render-template.js';
import { TemplateError } from '../template-error.js';
import { awkwardText } from '../testing/awkward-text.js';
import { trusted, userField } from '../values/data.js';

const render = (template: string, v: string): string =>
  renderTemplate(template, { var: trusted({ v }), user: userField({ v }) }, { format: 'yaml' });

/** The rendered text, or the error as one line. */
function attempt(template: string, v: string): { readonly out: string } | { readonly problem: string } {
  try {
    return { out: render(template, v) };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { problem: `${error.line}:${error.column} ${error.message}` };
  }
}

const asLines = (text: string): string => text.toWellFormed().replaceAll('\r\n', '\n');

/** Renders with many values; each is either refused or read back as it is, with all else unchanged. */
function checkReadBack(template: string, expected: (v: string) => unknown, refused: RegExp, least: number): void {
  let read = 0;
  fc.assert(
    fc.property(awkwardText, (v) => {
      const result = attempt(template, v);
      if ('problem' in result) {
        expect(result.problem).toMatch(refused);
        return;
      }
      read += 1;
      expect(parse(result.out)).toEqual(expected(v));
    }),
    { numRuns: 2000 },
  );
  expect(read).toBeGreaterThan(least);
}

describe('a value in YAML', () => {
  it('is read back from double quotes as it is', () => {
    const template =
      'y: [1, "${{ .var.v }}"]\na: "b \\"${{ .var.v }}"\n"k${{ .var.v }}": \'s\' # "\nm: "x\n  ${{ .var.v }}\n  y"\nz: e\n';
    checkReadBack(
      template,
      (v) => {
        const w = v.toWellFormed();
        return { y: [1, w], a: `b "${w}`, [`k${w}`]: 's', m: w === '' ? 'x\ny' : `x ${w} y`, z: 'e' };
      },
      /^never$/,
      1990,
    );
  });

  it('is read back from single quotes as it is, or refused', () => {
    const refused = /has several lines, which single quotes would join|can only write in double quotes/;
    checkReadBack(
      "y: ['${{ .var.v }}', 1]\na: 'it''s ${{ .var.v }}'\nz: e\n",
      (v) => ({ y: [v.toWellFormed(), 1], a: `it's ${v.toWellFormed()}`, z: 'e' }),
      refused,
      400,
    );
  });

  it('is read back from a literal block as it is, or refused', () => {
    const refused = /begins with white space, from which|can only write in double quotes/;
    const template = 'a:\n  - b: |\n      ${{ .var.v }}end\n    c: 1\nz: e\n';
    checkReadBack(template, (v) => ({ a: [{ b: `${asLines(v)}end\n`, c: 1 }], z: 'e' }), refused, 300);
    checkReadBack('a: |2\n  ${{ .var.v }}.\nz: e\n', (v) => ({ a: `${asLines(v)}.\n`, z: 'e' }), refused, 600);
    checkReadBack(
      'a: |\n  x\n   ${{ .var.v }}.\n  y\nz: e\n',
      (v) => ({ a: `x\n ${asLines(v)}.\ny\n`, z: 'e' }),
      refused,
      600,
    );
    checkReadBack('a: |+\n  x${{ .var.v }}\nz: e\n', (v) => ({ a: `x${asLines(v)}\n`, z: 'e' }), refused, 600);
  });

  it('is read back from a folded block as it is, or refused', () => {
    const refused = /which a folded block would change|begins with white space|can only write in double quotes/;
    checkReadBack('a: >\n  x${{ .var.v }}y\nz: e\n', (v) => ({ a: `x${asLines(v)}y\n`, z: 'e' }), refused, 300);
  });

  it('brought by indent or nindent stays in its block', () => {
    const refused = /can only write in double quotes|stand further left/;
    const unindented = (v: string): string => asLines(v);
    checkReadBack(
      'a: |2\n${{ print "x" .var.v "." | indent 2 }}\nz: e\n',
      (v) => ({ a: `x${unindented(v)}.\n`, z: 'e' }),
      refused,
      300,
    );
    checkReadBack(
      'a: |${{ print "x" .var.v "." | nindent 2 }}\nz: e\n',
      (v) => ({ a: `x${unindented(v)}.\n`, z: 'e' }),
      refused,
      300,
    );
  });

  const styles = ['QUOTE_DOUBLE', 'QUOTE_SINGLE', 'PLAIN', 'BLOCK_LITERAL'] as const;
  const leaf = fc.oneof(
    awkwardText.filter((text) => !text.includes('${{')),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const tree = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(
        fc.oneof(
          fc.stringMatching(/^[a-z]{1,3}$/),
          awkwardText.filter((text) => !text.includes('${{')),
        ),
        tie('node'),
        { maxKeys: 3 },
      ),
    ),
  })).node;

  it('lands where it should in any document that a YAML writer writes', () => {
    let read = 0;
    fc.assert(
      fc.property(
        tree,
        tree,
        awkwardText,
        fc.constantFrom(...styles),
        fc.constantFrom(...styles),
        fc.constantFrom(20, 80),
        (one, two, v, style, other, lineWidth) => {
          const document = new Document({ one, mark: 'MARK', two: [two, 'MARK'] });
          document.set('mark', Object.assign(new Scalar('MARK'), { type: style }));
          const text = document.toString({ lineWidth, defaultStringType: other });
          fc.pre(text.split('MARK').length === 3);
          const result = attempt(text.replaceAll('MARK', '${{ .user.v }}'), v);
          if ('problem' in result) return;
          read += 1;
          // A block scalar turns CRLF into LF and cuts line breaks off at its end.
          const asBlock = (text: unknown): string => asLines(String(text)).replace(/\n+$/, '');
          const before = parse(text);
          const after = parse(result.out);
          expect({ ...after, mark: asBlock(after.mark), two: [after.two[0], asBlock(after.two[1])] }).toEqual({
            ...before,
            mark: asBlock(v),
            two: [before.two[0], asBlock(v)],
          });
        },
      ),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(300);
  });

  it('stays in its comment', () => {
    checkReadBack('# ${{ .var.v }}\na: 1 # ${{ .var.v }}\nz: e\n', () => ({ a: 1, z: 'e' }), /^never$/, 1990);
  });

  it('of a user is read back from outside of quotes as it is, or refused', () => {
    const refused = /may not stand outside of quotes|would be read as|is empty and would be read/;
    checkReadBack(
      'y: ${{ .user.v }}\nl:\n  - ${{ .user.v }}\nf: [${{ .user.v }}, x]\nz: e\n',
      (v) => ({ y: v, l: [v], f: [v, 'x'], z: 'e' }),
      refused,
      5,
    );
    const words = fc.oneof(
      fc.constantFrom(
        'true',
        'no',
        'null',
        '~',
        '1',
        '1e3',
        '0x1F',
        '2024-01-01',
        '12:30',
        '.5',
        '1_000',
        'ann',
        'a.b',
        'a:b',
        'x/y',
        'me@x.io',
        'Europe/London',
      ),
      fc.stringMatching(/^[A-Za-z0-9._@/:+-]{0,6}$/),
    );
    let read = 0;
    fc.assert(
      fc.property(words, (v) => {
        const result = attempt('y: ${{ .user.v }}\nk${{ .user.v }}: 1\nl: [a-${{ .user.v }}]\n', v);
        if ('problem' in result) {
          expect(result.problem).toMatch(refused);
          return;
        }
        read += 1;
        expect(parse(result.out)).toEqual({ y: v, [`k${v}`]: 1, l: [`a-${v}`] });
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(500);
  });

  it('of a user is read back from quote, toJson and toYaml, wherever a value may begin', () => {
    const template = [
      'a: ${{ quote .user.v }}',
      'b: [${{ toJson .user.v }}, {"k": ${{ quote .user.v }}}]',
      'c:',
      '  ${{ toYaml .user | nindent 2 | trim }}',
      'd:${{ dict "n" (list .user.v .user.v) | toYaml | nindent 2 }}',
      'z: e\n',
    ].join('\n');
    checkReadBack(
      template,
      (v) => {
        const w = v.toWellFormed();
        return { a: w, b: [w, { k: w }], c: { v: w }, d: { n: [w, w] }, z: 'e' };
      },
      /^never$/,
      1990,
    );
  });

  it('never adds a document, whatever it is', () => {
    const template =
      'a: "${{ .user.v }}"\nb: |2\n  x${{ .user.v }}\nc: \'${{ .user.v }}\'\n---\nd: ${{ .user.v }} # ${{ .user.v }}\n';
    fc.assert(
      fc.property(awkwardText, (v) => {
        const result = attempt(template, v);
        if ('problem' in result) return;
        const documents = parseAllDocuments(result.out);
        expect(documents.map((document) => Object.keys(document.toJS()))).toEqual([['a', 'b', 'c'], ['d']]);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a: x${{ quote .user.v }}', 'b: c', '1:9 the value of .user.v may not stand outside of quotes'],
    ['a: x\n  ${{ quote .user.v }}', 'b: c', '2:7 the value of .user.v may not stand outside of quotes'],
    ['a: ${{ .user.v }}', 'x #y', '1:8 the value of .user.v may not stand outside of quotes'],
    ['${{ .user.v }}', '---', '1:5 the value of .user.v may not stand outside of quotes'],
    ['a: ${{ .user.v }}\n', '', '1:8 the value of .user.v is empty'],
    ['a: |${{ .user.v }}\n  x', '+', '1:9 the value of .user.v may not stand behind |'],
    ['a: |\n${{ .user.v }}\n', 'x: y', '2:5 the value of .user.v has lines that stand further left'],
    ['a: |\n${{ .var.v | indent 2 }}\n${{ .var.v }}', 'b\nc', '3:5 this value has lines that stand further left'],
    ['a: "\\${{ .var.v }}"', 'x', '1:10 this value stands behind a backslash'],
  ])('%j with %j is refused', (template, v, expected) => {
    const result = attempt(template, v);
    expect('problem' in result ? result.problem : `no error: ${result.out}`).toContain(expected);
  });

  it.each([
    ['${{ .var.v }}\nb: "${{ .var.v }}"', 'a: "x"', 'a: "x"\nb: "a: \\"x\\""'],
    ['a: "b${{ .var.v }}', '"', 'a: "b\\"'],
    ['a: ${{ .var.v }}x${{ .var.v }}', '"', 'a: "x\\"'],
    ['a: x ${{ .var.v }}y ${{ .var.v }}', '"', 'a: x "y "'],
    ['# it\'s\na: "${{ .var.v }}"', '"', '# it\'s\na: "\\""'],
    ['a: it\'s\nb: "${{ .var.v }}"', '"', 'a: it\'s\nb: "\\""'],
    ['a: &x !!str "${{ .var.v }}"', '"', 'a: &x !!str "\\""'],
    ['a: {b: "${{ .var.v }}", \'c\':"${{ .var.v }}"}', '"', 'a: {b: "\\"", \'c\':"\\""}'],
    ['- |\n  "\n- "${{ .var.v }}"', '"', '- |\n  "\n- "\\""'],
    ['a: |\n\n  "\n # c\nb: "${{ .var.v }}"', '"', 'a: |\n\n  "\n # c\nb: "\\""'],
    ['a: | # it\n  "\n"b": "${{ .var.v }}"', '"', 'a: | # it\n  "\n"b": "\\""'],
    ['a: http://x#"\nb: "${{ .var.v }}"', '"', 'a: http://x#"\nb: "\\""'],
    ['a:\r\n  - |\r\n    "\r\n  - "${{ .var.v }}"\r\n', '"', 'a:\r\n  - |\r\n    "\r\n  - "\\""\r\n'],
    ['a: ${{ len .user.v }}', 'abc', 'a: 3'],
    ['a: ${{ squote .user.v }}', "it's: x", "a: 'it''s: x'"],
    ['${{ if true }}a: "${{ end }}${{ .var.v }}"', '"', 'a: "\\""'],
  ])('%j with %j becomes %j', (template, v, expected) => {
    expect(render(template, v)).toBe(expected);
  });
});
