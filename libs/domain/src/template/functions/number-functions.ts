import { number, TRUSTED } from '../values/value.js';
import type { Arguments } from './arguments.js';
import { FunctionError } from './function-error.js';
import { fn, MANY, type FunctionTable } from './template-function.js';

function fold(args: Arguments, step: (a: number, b: number) => number): number {
  let result = args.number(0);
  for (let index = 1; index < args.count; index += 1) result = step(result, args.number(index));
  return result;
}

function divisor(args: Arguments): number {
  const value = args.integer(1);
  if (value === 0) throw new FunctionError('division by zero');
  return value;
}

function count(args: Arguments, start: number, stop: number, step: number) {
  const length = step === 0 ? 0 : Math.max(0, Math.ceil((stop - start) / step));
  args.reserveItems(length);
  return args.asList(Array.from({ length }, (_, index) => number(start + index * step, TRUSTED)));
}

export const NUMBER_FUNCTIONS: FunctionTable = {
  add: fn(1, MANY, (args) => args.asNumber(fold(args, (a, b) => a + b))),
  add1: fn(1, 1, (args) => args.asNumber(args.number(0) + 1)),
  sub: fn(2, 2, (args) => args.asNumber(args.number(0) - args.number(1))),
  mul: fn(1, MANY, (args) => args.asNumber(fold(args, (a, b) => a * b))),
  div: fn(2, 2, (args) => args.asNumber(Math.trunc(args.integer(0) / divisor(args)))),
  mod: fn(2, 2, (args) => args.asNumber(args.integer(0) % divisor(args))),
  min: fn(1, MANY, (args) => args.asNumber(fold(args, Math.min))),
  max: fn(1, MANY, (args) => args.asNumber(fold(args, Math.max))),
  int: fn(1, 1, (args) => args.asNumber(Math.trunc(args.number(0)))),
  floor: fn(1, 1, (args) => args.asNumber(Math.floor(args.number(0)))),
  ceil: fn(1, 1, (args) => args.asNumber(Math.ceil(args.number(0)))),
  until: fn(1, 1, (args) => {
    const stop = args.integer(0);
    return count(args, 0, stop, stop < 0 ? -1 : 1);
  }),
  untilStep: fn(3, 3, (args) => count(args, args.integer(0), args.integer(1), args.integer(2))),
};
