import { quoteText } from '../values/json-text.js';
import type { Arguments } from './arguments.js';
import { FunctionError } from './function-error.js';

interface Verb {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly letter: string;
}

const DIRECTIVE = /%([-+# 0]*)(\*|[0-9]{1,6})?(?:\.(\*|[0-9]{0,3}))?([\s\S]?)/gu;
const MAX_WIDTH = 10_000;

/**
 * Go's Sprintf over the arguments of `args`, the first being the format. Where Go would print `%!d(string=a)`, this is
 * an error: nobody wants that in a job.
 */
export function printf(args: Arguments): string {
  let used = 1;
  const output = args
    .text(0)
    .replace(DIRECTIVE, (_, flags: string, width?: string, precision?: string, verbLetter?: string) => {
      const letter = verbLetter ?? '';
      if (letter === '%') return '%';
      if (letter === '') throw new FunctionError('the format ends in a single %', 'Write %% for a percent sign.');
      const measure = (given: string | undefined): number | undefined => {
        if (given !== '*') return given === undefined ? undefined : Number(given);
        return argumentFor(args, used++, '*', () => args.integer(used - 1));
      };
      const wide = measure(width) ?? 0;
      const precise = measure(precision);
      if (Math.abs(wide) > MAX_WIDTH || (precise !== undefined && (precise < 0 || precise > MAX_WIDTH))) {
        throw new FunctionError(`a width is larger than ${MAX_WIDTH}`);
      }
      const verb = { flags: wide < 0 ? `${flags}-` : flags, width: Math.abs(wide), precision: precise, letter };
      const index = used++;
      const text = argumentFor(args, index, letter, () => directive(args, index, verb));
      args.spend(text.length);
      return text;
    });
  if (used < args.count) throw new FunctionError(`the format uses ${used - 1} of ${args.count - 1} values`);
  return output;
}

function argumentFor<T>(args: Arguments, index: number, letter: string, read: () => T): T {
  if (index >= args.count) throw new FunctionError(`the format wants a value for %${letter} that is not given`);
  return read();
}

function directive(args: Arguments, index: number, verb: Verb): string {
  switch (verb.letter) {
    case 'v':
      return args.value(index).kind === 'number'
        ? pad(signed(args.number(index), String, verb), verb)
        : textual(args.shown(index), verb);
    case 's':
      return textual(args.shown(index), verb);
    case 'q':
      return pad(quoteText(cut(args.text(index), verb)), verb);
    case 't':
      return pad(String(args.bool(index)), verb);
    case 'c':
      return pad(String.fromCodePoint(codePoint(args.integer(index))), verb);
    case 'U':
      return pad(`U+${codePoint(args.integer(index)).toString(16).toUpperCase().padStart(4, '0')}`, verb);
    case 'd':
      return integer(args.integer(index), 10, '', verb);
    case 'b':
      return integer(args.integer(index), 2, '0b', verb);
    case 'o':
      return integer(args.integer(index), 8, '0', verb);
    case 'x':
      return hexadecimal(args, index, verb);
    case 'X':
      return hexadecimal(args, index, verb).toUpperCase();
    case 'f':
    case 'F':
      return pad(
        signed(args.number(index), (value) => fixed(value, verb.precision ?? 6), verb),
        verb,
      );
    case 'e':
      return pad(
        signed(args.number(index), (value) => exponent(value.toExponential(Math.min(verb.precision ?? 6, 100))), verb),
        verb,
      );
    case 'g':
      return pad(
        signed(args.number(index), (value) => general(value, verb.precision), verb),
        verb,
      );
    default:
      throw new FunctionError(`%${verb.letter} is no verb of printf`);
  }
}

function codePoint(value: number): number {
  const valid = value >= 0 && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
  if (!valid) throw new FunctionError(`there is no character ${value}`);
  return value;
}

const cut = (text: string, verb: Verb): string =>
  verb.precision === undefined ? text : [...text].slice(0, verb.precision).join('');

const textual = (text: string, verb: Verb): string =>
  pad(cut(text, verb), { ...verb, flags: verb.flags.replaceAll('0', '') });

function signed(value: number, write: (magnitude: number) => string, verb: Verb): string {
  const sign = value < 0 ? '-' : verb.flags.includes('+') ? '+' : verb.flags.includes(' ') ? ' ' : '';
  return sign + write(Math.abs(value));
}

function integer(value: number, base: number, prefix: string, verb: Verb): string {
  const digits = (magnitude: number): string =>
    (verb.flags.includes('#') ? prefix : '') + magnitude.toString(base).padStart(verb.precision ?? 0, '0');
  const flags = verb.precision === undefined ? verb.flags : verb.flags.replaceAll('0', '');
  return pad(signed(value, digits, verb), { ...verb, flags });
}

function hexadecimal(args: Arguments, index: number, verb: Verb): string {
  if (args.value(index).kind !== 'text') return integer(args.integer(index), 16, '0x', verb);
  const bytes = new TextEncoder().encode(args.text(index));
  args.reserve(bytes.length * 2);
  return textual(Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(''), verb);
}

function fixed(value: number, precision: number): string {
  if (value >= 1e21) throw new FunctionError('the number is too large for %f');
  return value.toFixed(Math.min(precision, 100));
}

const exponent = (text: string): string => text.replace(/e([+-])([0-9])$/, 'e$10$2');

function general(value: number, precision: number | undefined): string {
  if (precision === undefined) return exponent(String(value));
  const text = value.toPrecision(Math.min(Math.max(precision, 1), 100));
  return exponent(text.includes('.') ? text.replace(/\.?0+(?=e|$)/, '') : text);
}

/** Fills up to the width in characters: right with `-`, with zeros behind the sign with `0`, else with spaces on the left. */
function pad(text: string, verb: Verb): string {
  const missing = verb.width - [...text].length;
  if (missing <= 0) return text;
  if (verb.flags.includes('-')) return text + ' '.repeat(missing);
  if (!verb.flags.includes('0')) return ' '.repeat(missing) + text;
  const sign = /^[+\- ]/.test(text) ? text.slice(0, 1) : '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}
