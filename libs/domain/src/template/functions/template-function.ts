import type { MaybeValue } from '../values/value.js';
import type { Arguments } from './arguments.js';

/** A function of the template language. */
export interface TemplateFunction {
  readonly min: number;
  readonly max: number;
  /** Arguments, counted from 0, that may be names which are not there; for all others that is an error. */
  readonly asks: 'none' | 'all' | readonly number[];
  /** @throws FunctionError or LimitError */
  run(args: Arguments): MaybeValue;
}

export type FunctionTable = Readonly<Record<string, TemplateFunction>>;

export const MANY = Number.POSITIVE_INFINITY;

export function fn(
  min: number,
  max: number,
  run: TemplateFunction['run'],
  asks: TemplateFunction['asks'] = 'none',
): TemplateFunction {
  return { min, max, run, asks };
}
