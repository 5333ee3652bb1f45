import { goText } from '../values/go-text.js';
import { quoteText } from '../values/json-text.js';
import type { TextValue, Value } from '../values/value.js';
import type { Arguments } from './arguments.js';
import { FunctionError } from './function-error.js';
import { compileRegex } from './regex/compile-regex.js';
import { matches } from './regex/match-regex.js';
import { fn, MANY, type FunctionTable } from './template-function.js';

/** A literal keeps being one when white space around it or between its lines changes. */
function reshaped(args: Arguments, index: number, value: string): TextValue {
  const from = args.value(index);
  return args.asText(value, from.kind === 'text' ? from.literal : undefined);
}

function indented(args: Arguments, lead: string): TextValue {
  const width = args.integer(0);
  if (width < 0 || width > 200) throw new FunctionError('the indentation should be from 0 to 200');
  const margin = ' '.repeat(width);
  const lines = args.text(1).split('\n');
  args.reserve(lines.length * width);
  return reshaped(args, 1, lead + margin + lines.join(`\n${margin}`));
}

function repeated(args: Arguments): Value {
  const times = args.integer(0);
  if (times < 0) throw new FunctionError('repeat cannot run less than 0 times');
  args.reserve(args.text(1).length * times);
  return args.asText(args.text(1).repeat(times));
}

function trimmedOf(args: Arguments): string {
  const cut = new Set(args.text(0));
  const characters = [...args.text(1)];
  let start = 0;
  let end = characters.length;
  while (start < end && cut.has(characters[start] ?? '')) start += 1;
  while (end > start && cut.has(characters[end - 1] ?? '')) end -= 1;
  return characters.slice(start, end).join('');
}

function replaced(args: Arguments): Value {
  const pieces = args.text(2).split(args.text(0));
  args.reserve(args.text(2).length + pieces.length * args.text(1).length);
  return args.asText(pieces.join(args.text(1)));
}

function split(args: Arguments): Value {
  args.reserve(args.text(1).length);
  return args.asTexts(args.text(1).split(args.text(0)));
}

function joined(args: Arguments): Value {
  const from = args.value(1);
  if (from.kind !== 'list') return args.asText(args.text(1));
  const parts = from.items.map((item) => goText(item, args.maxCharacters));
  args.reserve(parts.reduce((sum, part) => sum + part.length + args.text(0).length, 0));
  return args.asText(parts.join(args.text(0)));
}

/** YAML's single quotes. Only what one line of them can hold counts as a literal. */
function singleQuoted(args: Arguments): Value {
  const inner = args.all.map((_, index) => args.shown(index).replaceAll("'", "''"));
  const plain = inner.every((part) => /^[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff]*$/.test(part));
  return args.asText(inner.map((part) => `'${part}'`).join(' '), plain ? 'yaml' : undefined);
}

function matched(args: Arguments): Value {
  const program = compileRegex(args.text(0));
  const subject = args.text(1);
  return args.asBool(matches(program, subject, (steps) => args.spend(steps * STEP_COST)));
}

/** What one step of a pattern costs, compared with a character that is copied. */
const STEP_COST = 8;

const cutStart = (args: Arguments): string =>
  args.text(1).startsWith(args.text(0)) ? args.text(1).slice(args.text(0).length) : args.text(1);
const cutEnd = (args: Arguments): string =>
  args.text(1).endsWith(args.text(0)) ? args.text(1).slice(0, args.text(1).length - args.text(0).length) : args.text(1);

function truncated(args: Arguments): Value {
  const length = args.integer(0);
  const characters = [...args.text(1)];
  return args.asText((length < 0 ? characters.slice(length) : characters.slice(0, length)).join(''));
}

/** Text functions in the argument order of sprig: what a pipe brings comes last. */
export const TEXT_FUNCTIONS: FunctionTable = {
  lower: fn(1, 1, (args) => args.asText(args.text(0).toLowerCase())),
  upper: fn(1, 1, (args) => args.asText(args.text(0).toUpperCase())),
  title: fn(1, 1, (args) =>
    args.asText(
      args
        .text(0)
        .replace(/(^|[^\p{L}\p{N}_'])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase()),
    ),
  ),
  trim: fn(1, 1, (args) => reshaped(args, 0, args.text(0).trim())),
  trimAll: fn(2, 2, (args) => args.asText(trimmedOf(args))),
  trimPrefix: fn(2, 2, (args) => args.asText(cutStart(args))),
  trimSuffix: fn(2, 2, (args) => args.asText(cutEnd(args))),
  replace: fn(3, 3, replaced),
  split: fn(2, 2, split),
  splitList: fn(2, 2, split),
  join: fn(2, 2, joined),
  contains: fn(2, 2, (args) => args.asBool(args.text(1).includes(args.text(0)))),
  hasPrefix: fn(2, 2, (args) => args.asBool(args.text(1).startsWith(args.text(0)))),
  hasSuffix: fn(2, 2, (args) => args.asBool(args.text(1).endsWith(args.text(0)))),
  repeat: fn(2, 2, repeated),
  indent: fn(2, 2, (args) => indented(args, '')),
  nindent: fn(2, 2, (args) => indented(args, '\n')),
  trunc: fn(2, 2, truncated),
  nospace: fn(1, 1, (args) => args.asText(args.text(0).replace(/\s/g, ''))),
  toString: fn(1, 1, (args) => args.asText(args.shown(0))),
  quote: fn(1, MANY, (args) => args.asText(args.all.map((_, index) => quoteText(args.shown(index))).join(' '), 'json')),
  squote: fn(1, MANY, singleQuoted),
  regexMatch: fn(2, 2, matched),
};
