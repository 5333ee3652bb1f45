import { LimitError } from './limit-error.js';
import { sortedKeys, type Value } from './value.js';

/**
 * Characters that some reader of JSON, YAML or HCL takes for a line break, for unprintable or for wrong. In quotes they are
 * written as \u escapes, which all three read. (\b, \f and \/ are left out: HCL does not know them.)
 */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const UNSAFE = /["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
const SHORT: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** What stands between the quotes of a string literal that JSON, YAML and (but for `${`) HCL read alike. */
export function escapeQuoted(text: string): string {
  return text.replace(UNSAFE, (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export const quoteText = (text: string): string => `"${escapeQuoted(text)}"`;

/** Collects text and stops with a LimitError once it is longer than `max`: a small value can be large as text. */
export class TextBuilder {
  private readonly parts: string[] = [];
  private length = 0;

  constructor(private readonly max: number) {}

  add(part: string): void {
    this.length += part.length;
    if (this.length > this.max) throw new LimitError(`the text is longer than ${this.max} characters`);
    this.parts.push(part);
  }

  toString(): string {
    return this.parts.join('');
  }
}

/** JSON with sorted keys; `indent` spaces per level, or all in one line when it is 0. */
export function jsonText(value: Value, indent: number, max: number): string {
  const out = new TextBuilder(max);
  writeJson(value, indent, '', out);
  return out.toString();
}

function writeJson(value: Value, indent: number, margin: string, out: TextBuilder): void {
  switch (value.kind) {
    case 'null':
      return out.add('null');
    case 'bool':
    case 'number':
      return out.add(String(value.value));
    case 'text':
      return out.add(quoteText(value.value));
    case 'list':
      return writeItems('[', ']', value.items, indent, margin, out, (item, inner) =>
        writeJson(item, indent, inner, out),
      );
    case 'map':
      return writeItems('{', '}', sortedKeys(value), indent, margin, out, (key, inner) => {
        out.add(`${quoteText(key)}:${indent > 0 ? ' ' : ''}`);
        const child = value.entries.get(key);
        if (child !== undefined) writeJson(child, indent, inner, out);
      });
  }
}

function writeItems<T>(
  open: string,
  close: string,
  items: readonly T[],
  indent: number,
  margin: string,
  out: TextBuilder,
  write: (item: T, inner: string) => void,
): void {
  const inner = margin + ' '.repeat(indent);
  out.add(open);
  items.forEach((item, index) => {
    if (index > 0) out.add(',');
    if (indent > 0) out.add(`\n${inner}`);
    write(item, inner);
  });
  if (indent > 0 && items.length > 0) out.add(`\n${margin}`);
  out.add(close);
}
