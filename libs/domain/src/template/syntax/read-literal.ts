/** A literal that ends at `end` (offset after it), or what is wrong with it at an offset. */
export type LiteralResult =
  { readonly value: string; readonly end: number } | { readonly problem: string; readonly at: number };

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Reads a Go string or character literal, whose opening quote stands at `start`, with its escapes decoded. */
export function readQuoted(text: string, start: number): LiteralResult {
  const quote = text[start] ?? '';
  let value = '';
  let at = start + 1;
  for (;;) {
    const char = text[at];
    if (char === undefined || char === '\n') {
      return {
        problem: quote === '"' ? 'this string has no closing quote' : 'this character has no closing quote',
        at: start,
      };
    }
    if (char === quote) return { value, end: at + 1 };
    if (char !== '\\') {
      value += char;
      at += 1;
      continue;
    }
    const escape = readEscape(text, at);
    if ('problem' in escape) return escape;
    value += escape.value;
    at = escape.end;
  }
}

/** Reads a raw string in back quotes: nothing in it is special. */
export function readRaw(text: string, start: number): LiteralResult {
  const end = text.indexOf('`', start + 1);
  if (end < 0) return { problem: 'this raw string has no closing back quote', at: start };
  return { value: text.slice(start + 1, end).replaceAll('\r', ''), end: end + 1 };
}

function readEscape(text: string, at: number): LiteralResult {
  const letter = text[at + 1] ?? '';
  const simple = Object.hasOwn(SIMPLE_ESCAPES, letter) ? SIMPLE_ESCAPES[letter] : undefined;
  if (simple !== undefined) return { value: simple, end: at + 2 };
  if (/^[0-7]$/.test(letter)) return readCode(text, at, at + 1, 3, 8, 0x7f);
  const length = Object.hasOwn(HEX_LENGTHS, letter) ? HEX_LENGTHS[letter] : undefined;
  if (length === undefined) return { problem: `\\${letter} is no escape`, at };
  return readCode(text, at, at + 2, length, 16, letter === 'x' ? 0x7f : 0x10ffff);
}

/** \x and octal escapes name bytes in Go; beyond ASCII a byte is no character, so `\u` is asked for instead. */
function readCode(text: string, at: number, from: number, length: number, base: 8 | 16, max: number): LiteralResult {
  const digits = text.slice(from, from + length);
  const pattern = base === 8 ? /^[0-7]{3}$/ : /^[0-9a-fA-F]+$/;
  if (digits.length !== length || !pattern.test(digits)) return { problem: 'this escape lacks digits', at };
  const code = Number.parseInt(digits, base);
  if (code > max) return { problem: max === 0x7f ? 'a byte above 7f: write it as \\u' : 'no such character', at };
  if (code >= 0xd800 && code <= 0xdfff) return { problem: 'half of a surrogate pair is no character', at };
  return { value: String.fromCodePoint(code), end: from + length };
}
