import { goText } from '../values/go-text.js';
import {
  map,
  sortedKeys,
  text,
  TRUSTED,
  weakest,
  type ListValue,
  type MapValue,
  type MaybeValue,
  type Taint,
  type Value,
} from '../values/value.js';
import type { Arguments } from './arguments.js';
import { FunctionError } from './function-error.js';
import { fn, MANY, type FunctionTable } from './template-function.js';

function lookUp(args: Arguments, from: MapValue, name: string): MaybeValue {
  const found = from.entries.get(name);
  if (found !== undefined) return found;
  return { kind: 'missing', at: args.at, path: `"${name.slice(0, 60)}"`, name, within: from };
}

function index(args: Arguments): MaybeValue {
  let value: MaybeValue = args.value(0);
  for (let position = 1; position < args.count; position += 1) {
    if (value.kind === 'map') value = lookUp(args, value, args.text(position));
    else if (value.kind === 'list') value = itemAt(value, args.integer(position));
    else if (value.kind === 'missing') return value;
    else throw new FunctionError('index looks into lists and maps only');
  }
  return value;
}

function itemAt(from: ListValue, position: number): Value {
  const item = position < 0 ? undefined : from.items[position];
  if (item !== undefined) return item;
  throw new FunctionError(`there is no item ${position} in a list of ${from.items.length}`);
}

function slice(args: Arguments): Value {
  const whole = args.value(0);
  const units = whole.kind === 'text' ? [...whole.value] : args.list(0).items;
  const from = args.count > 1 ? args.integer(1) : 0;
  const to = args.count > 2 ? args.integer(2) : units.length;
  if (from < 0 || to > units.length || from > to)
    throw new FunctionError(`${from} to ${to} is not within ${units.length}`);
  return whole.kind === 'text'
    ? args.asText([...whole.value].slice(from, to).join(''))
    : args.asList(args.list(0).items.slice(from, to));
}

function length(args: Arguments): Value {
  const value = args.value(0);
  if (value.kind === 'text') return args.asNumber([...value.value].length);
  return args.asNumber(value.kind === 'map' ? value.entries.size : args.list(0).items.length);
}

function dict(args: Arguments): Value {
  if (args.count % 2 !== 0) throw new FunctionError('dict takes names and values in pairs');
  const entries = new Map<string, Value>();
  let keyTaint: Taint = TRUSTED;
  for (let position = 0; position < args.count; position += 2) {
    keyTaint = weakest(keyTaint, args.value(position).taint);
    entries.set(args.text(position), args.value(position + 1));
  }
  args.reserveItems(entries.size);
  return map(entries, keyTaint);
}

function values(args: Arguments): Value {
  const from = args.map(0);
  return args.asList(sortedKeys(from).flatMap((key) => from.entries.get(key) ?? []));
}

const items = (args: Arguments): readonly Value[] => args.list(0).items;

/** What makes a value the same as another; empty for lists and maps, which are never the same. */
function scalar(args: Arguments, value: Value): string {
  if (value.kind === 'list' || value.kind === 'map') return '';
  if (value.kind === 'text') args.spend(value.value.length);
  return `${value.kind}:${value.kind === 'null' ? '' : String(value.value)}`;
}

function unique(args: Arguments): Value {
  const seen = new Set<string>();
  const kept = items(args).filter((item) => {
    const key = scalar(args, item);
    if (key !== '' && seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return args.asList(kept);
}

function sorted(args: Arguments): Value {
  const texts = items(args).map((item) => text(goText(item, args.maxCharacters), item.taint));
  // Each text is compared some times with others.
  args.spend(texts.reduce((sum, item) => sum + item.value.length, 0) * 16);
  return args.asList(texts.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0)));
}

/** Functions that hand on what is in lists and maps; each thing keeps the trust it came with. */
export const LIST_FUNCTIONS: FunctionTable = {
  list: fn(0, MANY, (args) => args.asList(args.all)),
  dict: fn(0, MANY, dict),
  index: fn(1, MANY, index),
  slice: fn(1, 3, slice),
  len: fn(1, 1, length),
  get: fn(2, 2, (args) => lookUp(args, args.map(0), args.text(1))),
  hasKey: fn(
    2,
    2,
    (args) => args.asBool(args.maybe(0).kind !== 'missing' && args.map(0).entries.has(args.text(1))),
    [0],
  ),
  keys: fn(1, 1, (args) => args.asList(sortedKeys(args.map(0)).map((key) => text(key, args.map(0).keyTaint)))),
  values: fn(1, 1, values),
  first: fn(1, 1, (args) => itemAt(args.list(0), 0)),
  last: fn(1, 1, (args) => itemAt(args.list(0), items(args).length - 1)),
  rest: fn(1, 1, (args) => args.asList(items(args).slice(1))),
  initial: fn(1, 1, (args) => args.asList(items(args).slice(0, -1))),
  append: fn(2, 2, (args) => args.asList([...items(args), args.value(1)])),
  prepend: fn(2, 2, (args) => args.asList([args.value(1), ...items(args)])),
  concat: fn(1, MANY, (args) => {
    args.reserveItems(args.all.reduce((sum, _, position) => sum + args.list(position).items.length, 0));
    return args.asList(args.all.flatMap((_, position) => args.list(position).items));
  }),
  reverse: fn(1, 1, (args) => args.asList([...items(args)].reverse())),
  uniq: fn(1, 1, unique),
  has: fn(2, 2, (args) => {
    const wanted = scalar(args, args.value(0));
    return args.asBool(wanted !== '' && args.list(1).items.some((item) => scalar(args, item) === wanted));
  }),
  sortAlpha: fn(1, 1, sorted),
};
