import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTemplate } from '../render-template.js';
import { trusted } from '../values/data.js';
import { compileRegex } from './regex/compile-regex.js';
import { matches } from './regex/match-regex.js';
import { sha256Hex } from './sha256.js';

const render = (template: string): string =>
  renderTemplate(`\${{ ${template} }}`, { var: trusted({ a: 'alpha', n: '5' }) }, { format: 'text' });

describe('a function of the template language', () => {
  it.each([
    ['lower "ABC"', 'abc'],
    ['upper "é"', 'É'],
    ['title "hello big world"', 'Hello Big World'],
    ['trim "  a "', 'a'],
    ['trimAll "$" "$5.00$"', '5.00'],
    ['trimPrefix "v" "v1"', '1'],
    ['"a.txt" | trimSuffix ".txt"', 'a'],
    ['"a-b-c" | replace "-" "_"', 'a_b_c'],
    ['split "," "a,b" | join "+"', 'a+b'],
    ['contains "ph" .var.a', 'true'],
    ['hasPrefix "al" .var.a', 'true'],
    ['hasSuffix "x" .var.a', 'false'],
    ['"ab" | repeat 3', 'ababab'],
    ['"a\\nb" | indent 2', '  a\n  b'],
    ['"a\\nb" | nindent 2', '\n  a\n  b'],
    ['trunc 2 "héllo"', 'hé'],
    ['trunc -2 "hello"', 'lo'],
    ['quote "a\\"b" 1', '"a\\"b" "1"'],
    ['squote "a" "b"', "'a' 'b'"],
    ['toString 5 | len', '1'],
    ['add 1 2 3', '6'],
    ['sub 5 2', '3'],
    ['mul 2 3 4', '24'],
    ['div -7 2', '-3'],
    ['mod 7 4', '3'],
    ['min 3 1 2', '1'],
    ['max 3 1 2', '3'],
    ['add .var.n 1', '6'],
    ['int "12"', '12'],
    ['until 3', '[0 1 2]'],
    ['untilStep 3 9 3', '[3 6]'],
    ['list 1 "a" true', '[1 a true]'],
    ['dict "b" 1 "a" 2', 'map[a:2 b:1]'],
    ['get (dict "a" 1) "a"', '1'],
    ['keys (dict "b" 1 "a" 2)', '[a b]'],
    ['values (dict "b" 1 "a" 2)', '[2 1]'],
    ['first (list 1 2) | add (last (list 1 2))', '3'],
    ['rest (list 1 2 3)', '[2 3]'],
    ['initial (list 1 2 3)', '[1 2]'],
    ['append (list 1) 2', '[1 2]'],
    ['prepend (list 1) 2', '[2 1]'],
    ['concat (list 1) (list 2)', '[1 2]'],
    ['reverse (list 1 2)', '[2 1]'],
    ['uniq (list 1 1 "1" 2)', '[1 1 2]'],
    ['has 2 (list 1 2)', 'true'],
    ['sortAlpha (list "b" "a")', '[a b]'],
    ['ternary "y" "n" (eq 1 1)', 'y'],
    ['toJson (dict "b" (list 1 nil true) "a" "x\\u0085<")', '{"a":"x\\u0085<","b":[1,null,true]}'],
    ['toPrettyJson (dict "a" (list 1))', '{\n  "a": [\n    1\n  ]\n}'],
    ['(fromJson `{"a":{"__proto__":7}}`).a.__proto__', '7'],
    [
      'toYaml (dict "a" (list 1 (dict "x" "y: z" "w" "no")) "e" (list) "0" "")',
      '"0": ""\na:\n  - 1\n  - w: "no"\n    x: "y: z"\ne: []',
    ],
    ['b64enc "é😀"', 'w6nwn5iA'],
    ['b64dec "w6nwn5iA"', 'é😀'],
    ['sha256sum "abc"', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['regexMatch `^[a-z]+\\d{2,3}$` "ab123"', 'true'],
    ['regexMatch `^(?:foo|bar)\\b` "food"', 'false'],
    ['regexMatch `(?i)ALPHA` .var.a', 'true'],
  ])('%s gives %j', (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  // Each of these gives the same text in Go.
  it.each([
    [
      'printf "%d|%5d|%-5d|%05d|%+d|%x|%X|%#x|%o|%b|%c|%U" 42 42 42 42 42 255 255 255 8 5 65 65',
      '42|   42|42   |00042|+42|ff|FF|0xff|10|101|A|U+0041',
    ],
    [
      'printf "%s|%10s|%-10s|%.2s|%q|%v|%x" "abc" "abc" "abc" "abc" "a\\"b" "v" "hi"',
      'abc|       abc|abc       |ab|"a\\"b"|v|6869',
    ],
    ['printf "%t|%v|%5t" true false true', 'true|false| true'],
    [
      'printf "%f|%.2f|%8.3f|%e|%g|%v" 1.5 1.555 3.14159 12345.678 0.5 1.25',
      '1.500000|1.55|   3.142|1.234568e+04|0.5|1.25',
    ],
    ['printf "%05d|%-8q|%8.2f|%%" -42 "a" -1.5', '-0042|"a"     |   -1.50|%'],
    ['printf "%*d" 5 42', '   42'],
    ['printf "%v %v" (list 1 2) (dict "a" 1)', '[1 2] map[a:1]'],
  ])('%s gives what Go gives', (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    ['printf "%d" "a"', /argument 2 should be a number, but is a text/],
    ['printf "%d"', /wants a value for %d that is not given/],
    ['printf "%d" 1 2', /uses 1 of 2 values/],
    ['printf "%y" 1', /%y is no verb/],
    ['printf "50%"', /ends in a single %/],
    ['fromJson "{"', /this text is not JSON/],
    ['b64dec "/w=="', /not base64 of a text/],
    ['regexMatch "(" "a"', /a \( without a \)/],
    ['regexMatch "(?=a)" "a"', /looks around/],
    ['dict "a"', /in pairs/],
    ['upper (list 1)', /argument 1 should be a text, but is a list/],
    ['mul 9007199254740991 2', /too large a number/],
    ['lt true false', /true or false has no order/],
  ])('%s is an error that says why', (template, expected) => {
    expect(() => render(template)).toThrow(expected);
  });
});

describe('regexMatch', () => {
  const atom = fc.constantFrom('a', 'b', '.', '\\d', '\\w', '[ab]', '[^a]', '[a-c1]', '\\.', '^', '$', '\\b');
  const pattern = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      atom,
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => a + b),
      fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(${a}|${b})`),
      fc
        .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,}'))
        .map(([a, times]) => `(?:${a})${times}`),
    ),
  })).node;

  it('finds what the RegExp of the platform finds', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' ', '.', '\n'), maxLength: 8 }),
        (source, subject) => {
          expect(matches(compileRegex(source), subject, () => undefined)).toBe(new RegExp(source, 'u').test(subject));
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('sha256sum', () => {
  it('is the SHA-256 of the platform', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(sha256Hex(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
      }),
    );
  });
});
