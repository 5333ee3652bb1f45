import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate, renderTemplate } from './render-template.js';
import { TemplateError } from './template-error.js';
import { trusted, userField, type TemplateData } from './values/data.js';

const DATA: { readonly [group: string]: TemplateData } = {
  space: userField({ id: 's1', name: 'web' }),
  user: userField({ username: 'ann' }),
  var: trusted({ a: 'alpha', n: '5', empty: '', image: 'alpine:3' }),
  list: trusted(['x', 'y', 'z']),
  m: trusted({ b: 2, a: 1, c: 3 }),
  num: 7,
  t: true,
  none: [],
};

const render = (template: string): string => renderTemplate(template, DATA, { format: 'text' });

function errorOf(run: () => unknown): TemplateError {
  try {
    run();
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
  throw new Error('there was no error');
}
const shown = (error: TemplateError): string =>
  `${error.kind} ${error.line}:${error.column} ${error.message} | ${error.hint}`;

describe('the template language', () => {
  // Each of these gives the same text in Go's text/template.
  it.each([
    ['plain ${NOMAD_TASK_DIR} $${x} {{ y }} }}', 'plain ${NOMAD_TASK_DIR} $${x} {{ y }} }}'],
    ['a ${{- .var.a -}}  b', 'aalphab'],
    ['${{ .var.a }} x ${{- /* c */ -}} y', 'alpha xy'],
    ['${{/* c }} */}}z', 'z'],
    ['${{3}}|${{-3}}|${{- -3 -}} |', '3|-3|-3|'],
    [
      "${{0x1F}} ${{0b101}} ${{0o17}} ${{017}} ${{1_000}} ${{'a'}} ${{'\\n'}} ${{1.5}} ${{1e3}}",
      '31 5 15 15 1000 97 10 1.5 1000',
    ],
    ['${{"a\\tb\\"c\\\\\\u00e9\\x41\\101"}}${{`raw\\n`}}', 'a\tb"c\\éAAraw\\n'],
    ['${{range .list}}[${{.}}]${{end}}', '[x][y][z]'],
    ['${{range $i, $x := .list}}${{$i}}=${{$x}},${{end}}', '0=x,1=y,2=z,'],
    ['${{range $x := .list}}${{$x}}${{end}}', 'xyz'],
    ['${{range $k, $v := .m}}${{$k}}${{$v}};${{end}}', 'a1;b2;c3;'],
    ['${{range .none}}x${{else}}none${{end}}', 'none'],
    ['${{range 3}}${{.}}${{end}}${{range $i := 2}}${{$i}}${{end}}', '01201'],
    ['${{range .list}}${{if eq . "y"}}${{continue}}${{end}}${{.}}${{end}}', 'xz'],
    ['${{range .list}}${{if eq . "y"}}${{break}}${{end}}${{.}}${{end}}', 'x'],
    ['${{if .var.empty}}y${{else if .t}}t${{else}}n${{end}}', 't'],
    ['${{with .var}}${{.a}}${{$.space.name}}${{end}}', 'alphaweb'],
    ['${{with .var.empty}}x${{else with .num}}${{.}}${{else}}z${{end}}', '7'],
    ['${{$x := 1}}${{range .list}}${{$x = .}}${{end}}${{$x}}', 'z'],
    ['${{$x := 1}}${{if true}}${{$x := 2}}${{$x}}${{end}}${{$x}}', '21'],
    ['${{if $x := .num}}${{$x}}${{else}}${{$x}}${{end}}', '7'],
    ['${{define "a"}}<${{.}}>${{end}}${{template "a" .num}}${{template "a" "q"}}', '<7><q>'],
    ['${{block "b" .num}}[${{.}}]${{end}}', '[7]'],
    ['${{.var.a | printf "%s-%s" "q"}}', 'q-alpha'],
    ['${{print 1 2 "a" "b" 3 4}}|${{print "a" 1 2}}|${{println "a" 1}}', '1 2ab3 4|a1 2|a 1\n'],
    ['${{.list}} ${{.m}} ${{.t}}', '[x y z] map[a:1 b:2 c:3] true'],
    ['${{len .list}} ${{len .m}} ${{len "abc"}}', '3 3 3'],
    ['${{index .list 1}} ${{index .m "b"}} ${{index . "var" "a"}}', 'y 2 alpha'],
    ['${{slice .list 1}} ${{slice .list 1 2}} ${{slice "hello" 1 3}}', '[y z] [y] el'],
    [
      '${{eq 1 1}} ${{eq 1 2 3 1}} ${{ne 1 2}} ${{lt 1 2}} ${{le 2 2}} ${{gt 1 2}} ${{ge 2 2}} ${{lt "a" "b"}}',
      'true true true true true false true true',
    ],
    ['${{not .t}} ${{and 1 0 3}} ${{or 0 "x" 2}} ${{and 1 2}} ${{or 0 ""}}|', 'false 0 x 2 |'],
    ['${{urlquery "a b&c=d/é~!*()\'"}}', 'a+b%26c%3Dd%2F%C3%A9~%21%2A%28%29%27'],
    ['${{(index .m "a")}}${{(.var).a}}${{(.var.a)}}${{(printf "%s" .var.a) | len}}', '1alphaalpha5'],
    ['${{ "}}" }}', '}}'],
    ['${{if\n.t\n}}x${{end}}', 'x'],
    ['${{ range $i, $x := .list }}${{ if $i }},${{ end }}${{ $x }}${{ end }}', 'x,y,z'],
  ])('renders %j as Go does', (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    ['a\n b ${{ if .t }}', 'syntax 2:8 this if has no end | Close it with ${{end}}.'],
    ['a\nb ${{ .x', 'syntax 2:3 ${{ without an end | Close the action with }}.'],
    ['${{ /* x', 'syntax 1:1 this comment has no end | Close it with */}}.'],
    ['${{ "x }}', 'syntax 1:5 this string has no closing quote'],
    ['${{ end }}', 'syntax 1:5 end without if'],
    ['${{ uper "x" }}', 'syntax 1:5 there is no function "uper" | Did you mean upper?'],
    ['${{ $imag := 1 }}${{ $image }}', 'syntax 1:22 the variable $image is not declared here | Did you mean $imag?'],
    ['${{ if 1 }}${{ $x := 1 }}${{ end }}${{ $x }}', 'syntax 1:40 the variable $x is not declared here'],
    ['${{ template "x" }}', 'syntax 1:5 no template "x" is defined'],
    ['${{ break }}', 'syntax 1:5 break outside of a range'],
    ['${{ "a""b" }}', 'syntax 1:8 a string may not stand right behind a value | Put a space between them.'],
    ['${{ .a "x" }}', 'syntax 1:8 a value that is no function cannot take arguments'],
    ['${{ 1 | 2 }}', 'syntax 1:9 a value that is no function cannot take arguments'],
    ['${{ if }}${{ end }}', 'syntax 1:7 }} may not stand here'],
    ['${{ .a ? }}', 'syntax 1:8 "?" has no meaning inside an action'],
    ['${{ range .list }}${{ else }}${{ else }}${{ end }}', 'syntax 1:5 this range has two else'],
    ['${{ define "a" }}${{ end }}${{ define "a" }}${{ end }}', 'syntax 1:32 the template "a" is defined twice'],
    ['${{ 99999999999999999 }}', 'syntax 1:5 this number is not written right or too large'],
    ['${{ nil }}', 'render 1:5 there is no value to print here'],
    ['${{ eq .var.n 5 }}', 'render 1:5 eq: a text cannot be compared with a number'],
    ['${{ upper }}', 'render 1:5 upper takes 1 arguments, but gets 0'],
    ['${{ index .list 9 }}', 'render 1:5 index: there is no item 9 in a list of 3'],
    ['${{ range .var.a }}${{ end }}', 'render 1:11 range cannot walk over a text | Cut a text into a list'],
    ['${{ .var.a.b }}', 'render 1:5 .var.a.b: a text has no fields'],
    ['${{ required "set the image" .var.img }}', 'render 1:5 set the image'],
    ['${{ div 1 0 }}', 'render 1:5 div: division by zero'],
  ])('says where and why %j is wrong', (template, expected) => {
    expect(shown(errorOf(() => render(template)))).toContain(expected);
  });
});

describe('a name that is not there', () => {
  it.each([
    ['${{ .var.imgae }}', 'render 1:5 .var.imgae is not known | Did you mean .var.image?'],
    ['${{ .vra.a }}', 'render 1:5 .vra is not known | Did you mean .var?'],
    ['${{ if .vra.a }}${{ end }}', 'render 1:8 .vra is not known'],
    ['x\n  ${{ upper .var.q }}', 'render 2:13 .var.q is not known | Define it, or ask for it'],
    ['${{ .var.q.r.s }}', 'render 1:5 .var.q.r.s is not known'],
    ['${{ $x := .var.q }}', 'render 1:11 .var.q is not known'],
    ['${{ range .var.q }}${{ end }}', 'render 1:11 .var.q is not known'],
    ['${{ if eq .var.q "a" }}${{ end }}', 'render 1:11 .var.q is not known'],
    ['${{ index .var "imgae" }}', 'render 1:5 "imgae" is not known | Did you mean "image"?'],
    ['${{ or .var.q .var.r }}', 'render 1:15 .var.r is not known'],
    ['${{ .var.q | default .var.r }}', 'render 1:22 .var.r is not known'],
    ['${{ .var.constructor }}${{ .var.__proto__ }}', 'render 1:5 .var.constructor is not known'],
    ['${{ .var.__proto__ }}', 'render 1:5 .var.__proto__ is not known'],
    ['${{ index .var "toString" }}', 'render 1:5 "toString" is not known'],
    ['${{ define "x" }}${{ .a }}${{ end }}${{ template "x" }}', 'render 1:22 .a is not known'],
  ])('in %j is an error', (template, expected) => {
    expect(shown(errorOf(() => render(template)))).toContain(expected);
  });

  it.each([
    ['${{ if .var.q }}y${{ else }}n${{ end }}', 'n'],
    ['${{ with .var.q }}y${{ else }}n${{ end }}', 'n'],
    ['${{ with $x := .var.q }}y${{ else }}n${{ end }}', 'n'],
    ['${{ .var.q | default "d" }}${{ default "d" .var.q.r }}', 'dd'],
    ['${{ .var.empty | default "d" }}', 'd'],
    ['${{ and .var.q (eq .var.q "a") | not }}', 'true'],
    ['${{ or .var.q .var.a }}', 'alpha'],
    ['${{ if and .var.a (not .var.q) }}y${{ end }}', 'y'],
    ['${{ hasKey .var "q" }}${{ hasKey .var.q "r" }}${{ hasKey .var "a" }}', 'falsefalsetrue'],
    ['${{ coalesce .var.q .var.empty "c" }}${{ empty .var.q }}', 'ctrue'],
    ['${{ index .var "q" | default "d" }}${{ get .var "q" | default "d" }}', 'dd'],
    ['${{ if .var.constructor }}y${{ else }}n${{ end }}', 'n'],
  ])('may be asked for by %j', (template, expected) => {
    expect(render(template)).toBe(expected);
  });
});

describe('the bounds of a rendering', () => {
  const NESTED = `${'${{if 1}}'.repeat(5000)}`;
  it.each([
    ['a text of more than 10 MiB', 'x'.repeat(10 * 1024 * 1024 + 1), 'syntax 1:1 the template is larger than 10 MiB'],
    ['nesting', NESTED, 'syntax 1:904 nested more than 100 deep'],
    ['parentheses', `\${{ ${'('.repeat(5000)} }}`, 'nested more than 100 deep'],
    [
      'a template that calls itself',
      '${{ define "a" }}${{ template "a" }}${{ end }}${{ template "a" }}',
      'templates nest more than 200 deep',
    ],
    ['templates that call twice', twice(40), 'the template takes more than 1000000 steps'],
    ['a loop', '${{ range 1000000000 }}${{ end }}', 'the loops run more than 100000 rounds'],
    [
      'loops in loops',
      '${{ range 1000 }}${{ range 1000 }}${{ end }}${{ end }}',
      'the loops run more than 100000 rounds',
    ],
    ['a doubling text', '${{ $x := "x" }}${{ range 64 }}${{ $x = print $x $x }}${{ end }}', 'too much text'],
    [
      'a comparison',
      '${{ $x := repeat 1000000 "x" }}${{ range 100000 }}${{ if contains "y" $x }}${{ end }}${{ end }}',
      'too much text',
    ],
    ['repeat', '${{ repeat 1000000 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" }}', 'a text longer than'],
    ['a wide printf', '${{ printf "%999999d" 1 }}', 'a width is larger than 10000'],
    ['until', '${{ until 100000000 }}', 'a list of more than 100000 items'],
    ['a doubling list', '${{ $x := list 1 }}${{ range 64 }}${{ $x = concat $x $x }}${{ end }}', 'a list of more than'],
    [
      'a list that holds itself twice',
      '${{ $x := list 1 }}${{ range 60 }}${{ $x = list $x $x }}${{ end }}${{ toJson $x }}',
      'is longer than',
    ],
    ['a deep list', '${{ $x := list }}${{ range 100 }}${{ $x = list $x }}${{ end }}', 'nested more than 64 deep'],
    [
      'a large result',
      '${{ $x := repeat 1000000 "x" }}${{ range 30 }}${{ $x }}${{ end }}',
      'the result is larger than 20971520 bytes',
    ],
    [
      'much work',
      '${{ $x := repeat 1000000 "x" }}${{ range 10000 }}${{ if contains "y" $x }}${{ upper $x }}${{ else }}${{ $y := upper $x }}${{ end }}${{ end }}',
      'too much text',
    ],
    [
      'a slow pattern',
      '${{ regexMatch "(a*)*b" (repeat 10000 "a") }}${{ regexMatch "((((a*)*)*)*){500}b" (repeat 100000 "a") }}',
      'too much text',
    ],
    [
      'an empty pattern repeated',
      '${{ regexMatch "(((((){1000}){1000}){1000}){1000}){1000}" "a" }}',
      'the pattern repeats too much',
    ],
  ])('stop %s', (_, template, expected) => {
    expect(shown(errorOf(() => render(template)))).toContain(expected);
  });

  function twice(depth: number): string {
    const bodies = Array.from(
      { length: depth },
      (_, at) => `\${{ define "t${at}" }}\${{ template "t${at + 1}" }}\${{ template "t${at + 1}" }}\${{ end }}`,
    );
    return `${bodies.join('')}\${{ define "t${depth}" }}\${{ end }}\${{ template "t0" }}`;
  }

  it('can be set', () => {
    expect(
      shown(
        errorOf(() => renderTemplate('${{ range 10 }}${{ end }}', {}, { format: 'text', limits: { iterations: 5 } })),
      ),
    ).toContain('the loops run more than 5 rounds');
  });
});

describe('any text', () => {
  const pieces = ['${{', '}}', '-', ' ', '\n', '"', "'", '`', '\\', '.', '.a', '$', '$x', ':=', '=', '|', '(', ')', ',', '1', '0x', 'if ', 'else', 'end', 'range ', 'with ', 'define ', 'block ', 'template ', '"n"', 'break', 'and ', 'index ', 'printf ', '"%d"', '/*', '*/', 'nil', '.var', '.list', 'é', '\ud800', '\u0000', 'add 1 ', 'toJson ', 'until 3', 'a: ', '<<EOF\n', '#', '{']; // prettier-ignore
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 25 }).map((parts) => parts.join('')),
    fc.array(fc.constantFrom(...pieces), { maxLength: 10 }).map((parts) => `\${{ ${parts.join('')} }}`),
    fc
      .array(
        fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((parts) => `\${{ ${parts.join(' ')} }}`),
        { maxLength: 6 },
      )
      .map((parts) => parts.join('x')),
  );

  it('parses and renders, or throws a TemplateError with a place in the text', () => {
    let rendered = 0;
    fc.assert(
      fc.property(
        text,
        fc.constantFrom('hcl' as const, 'yaml' as const, 'json' as const, 'text' as const),
        (template, format) => {
          try {
            renderTemplate(template, DATA, { format });
            rendered += 1;
          } catch (error) {
            if (!(error instanceof TemplateError)) throw error;
            const lines = template.split('\n');
            expect(error.line).toBeGreaterThanOrEqual(1);
            expect(error.line).toBeLessThanOrEqual(lines.length);
            expect(error.column).toBeGreaterThanOrEqual(1);
            expect(error.column).toBeLessThanOrEqual((lines[error.line - 1] ?? '').length + 1);
          }
        },
      ),
      { numRuns: 10_000 },
    );
    expect(rendered).toBeGreaterThan(500);
  });

  it('without actions comes out as it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('hcl' as const, 'yaml' as const, 'json' as const),
        (template, format) => {
          fc.pre(!template.includes('${{'));
          expect(renderTemplate(template, DATA, { format })).toBe(template);
        },
      ),
    );
  });

  it('renders the same twice from one parsed template', () => {
    const parsed = parseTemplate('${{ range $k, $v := .m }}${{ $k }}${{ $v }}${{ end }}${{ .var.a }}');
    expect(renderTemplate(parsed, DATA, { format: 'text' })).toBe(renderTemplate(parsed, DATA, { format: 'text' }));
  });
});

describe('the trust of a value', () => {
  const hcl = (template: string): string =>
    renderTemplate(
      template,
      { user: userField({ v: 'a b' }), var: trusted({ v: 'a b', o: { k: 'a b' } }), bare: 'a b' },
      { format: 'hcl' },
    );

  it.each([
    '${{ .bare }}',
    '${{ .user.v | upper }}',
    '${{ printf "%s%s" .var.v .user.v }}',
    '${{ .var.v | replace "a" .user.v }}',
    '${{ index (split "," .user.v) 0 }}',
    '${{ list .var.v .user.v | join "" }}',
    '${{ first (list .user.v) }}',
    '${{ (dict "k" .user.v).k }}',
    '${{ range $k, $v := dict .user.v 1 }}${{ $k }}${{ end }}',
    '${{ index (keys (dict .user.v 1)) 0 }}',
    '${{ .user.v | quote | trunc 10 }}',
    '${{ .user.v | toJson | lower }}',
    '${{ .user.v | toYaml }}',
    '${{ (.user.v | toJson | fromJson) }}',
    '${{ .user.v | default "x" }}',
    '${{ or .user.v "x" }}',
    '${{ with .user.v }}${{ . }}${{ end }}',
    '${{ $x := .user.v }}${{ $x }}',
    '${{ .user.v | b64enc | b64dec }}',
    '${{ ternary .user.v "x" true }}',
    '${{ .user }}',
    '${{ define "x" }}${{ .w }}${{ end }}${{ template "x" (dict "w" .user.v) }}',
  ])('that a user wrote stays with it through %j', (template) => {
    expect(errorOf(() => hcl(template)).message).toMatch(
      /^the value of \.(?:user|user\.v|bare) may not stand outside of quotes/,
    );
  });

  it.each([
    ['${{ .var.v }}', 'a b'],
    ['${{ (dict "u" .user.v "k" .var.v).k }}', 'a b'],
    ['${{ index (list .user.v .var.v) 1 }}', 'a b'],
    ['${{ .var.o.k }}', 'a b'],
    ['${{ .user.v | quote }}', '"a b"'],
    ['${{ .user.v | toJson | indent 2 }}', '  "a b"'],
    ['${{ printf "%q" .user.v }}', '"a b"'],
    ['${{ len .user.v }}', '3'],
    ['${{ eq .user.v "x" }}', 'false'],
  ])('does not keep %j from going in', (template, expected) => {
    expect(hcl(template)).toBe(expected);
  });
});
