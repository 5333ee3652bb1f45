import { isTrue, kindName, type MaybeValue, type Value } from '../values/value.js';
import type { Arguments } from './arguments.js';
import { FunctionError } from './function-error.js';
import { fn, MANY, type FunctionTable } from './template-function.js';

const holds = (value: MaybeValue): value is Value => value.kind !== 'missing' && isTrue(value);

function equal(a: Value, b: Value): boolean {
  if (a.kind === 'null' || b.kind === 'null') return a.kind === b.kind;
  if (a.kind === 'list' || a.kind === 'map' || b.kind === 'list' || b.kind === 'map') {
    throw new FunctionError('lists and maps cannot be compared', 'Compare what is in them.');
  }
  if (a.kind !== b.kind) throw notAlike(a, b);
  return a.value === b.value;
}

function isLess(args: Arguments): boolean {
  const a = args.value(0);
  const b = args.value(1);
  if (a.kind === 'number' && b.kind === 'number') return a.value < b.value;
  if (a.kind === 'text' && b.kind === 'text') return a.value < b.value;
  if (a.kind === b.kind) throw new FunctionError(`${kindName(a)} has no order`);
  throw notAlike(a, b);
}

function notAlike(a: Value, b: Value): FunctionError {
  const hint = 'Make them alike with int or toString; variables are texts.';
  return new FunctionError(`${kindName(a)} cannot be compared with ${kindName(b)}`, hint);
}

const equalsFirst = (args: Arguments): boolean => equal(args.value(0), args.value(1));

/** Comparison and choice. `and` and `or` are not here: the evaluator runs them, as it need not look at all arguments. */
export const LOGIC_FUNCTIONS: FunctionTable = {
  not: fn(1, 1, (args) => args.asBool(!holds(args.maybe(0))), 'all'),
  eq: fn(2, MANY, (args) => {
    const [first, ...others] = args.all;
    return args.asBool(first !== undefined && others.some((other) => equal(first, other)));
  }),
  ne: fn(2, 2, (args) => args.asBool(!equalsFirst(args))),
  lt: fn(2, 2, (args) => args.asBool(isLess(args))),
  le: fn(2, 2, (args) => args.asBool(isLess(args) || equalsFirst(args))),
  gt: fn(2, 2, (args) => args.asBool(!isLess(args) && !equalsFirst(args))),
  ge: fn(2, 2, (args) => args.asBool(!isLess(args))),
  default: fn(2, 2, (args) => (holds(args.maybe(1)) ? args.maybe(1) : args.maybe(0)), 'all'),
  empty: fn(1, 1, (args) => args.asBool(!holds(args.maybe(0))), 'all'),
  coalesce: fn(
    1,
    MANY,
    (args) => {
      for (let index = 0; index < args.count; index += 1) if (holds(args.maybe(index))) return args.maybe(index);
      return args.maybe(args.count - 1);
    },
    'all',
  ),
  ternary: fn(3, 3, (args) => (args.bool(2) ? args.value(0) : args.value(1))),
  required: fn(
    2,
    2,
    (args) => {
      if (!holds(args.maybe(1))) throw new FunctionError(args.text(0).slice(0, 500));
      return args.maybe(1);
    },
    [1],
  ),
  fail: fn(1, 1, (args) => {
    throw new FunctionError(args.text(0).slice(0, 500));
  }),
};
