import type { Arguments } from './arguments.js';
import { printf } from './printf.js';
import { fn, MANY, type FunctionTable } from './template-function.js';

/** Go's Sprint: a space between two values of which neither is a text. */
function printed(args: Arguments): string {
  return args.all
    .map((value, index) => {
      const before = index > 0 ? args.value(index - 1) : undefined;
      const spaced = before !== undefined && before.kind !== 'text' && value.kind !== 'text';
      return (spaced ? ' ' : '') + args.shown(index);
    })
    .join('');
}

export const PRINT_FUNCTIONS: FunctionTable = {
  print: fn(0, MANY, (args) => args.asText(printed(args))),
  println: fn(0, MANY, (args) => args.asText(`${args.all.map((_, index) => args.shown(index)).join(' ')}\n`)),
  printf: fn(1, MANY, (args) =>
    args.asText(printf(args), args.count === 2 && args.text(0) === '%q' ? 'json' : undefined),
  ),
};
