import { ENCODE_FUNCTIONS } from './encode-functions.js';
import { LIST_FUNCTIONS } from './list-functions.js';
import { LOGIC_FUNCTIONS } from './logic-functions.js';
import { NUMBER_FUNCTIONS } from './number-functions.js';
import { PRINT_FUNCTIONS } from './print-functions.js';
import type { TemplateFunction } from './template-function.js';
import { TEXT_FUNCTIONS } from './text-functions.js';

/** All functions but `and` and `or`. None reads a clock, randomness or anything outside of its arguments. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  [LOGIC_FUNCTIONS, NUMBER_FUNCTIONS, LIST_FUNCTIONS, TEXT_FUNCTIONS, ENCODE_FUNCTIONS, PRINT_FUNCTIONS].flatMap(
    (table) => Object.entries(table),
  ),
);

/** Names that a template may call; also for editors that complete them. */
export const FUNCTION_NAMES: ReadonlySet<string> = new Set(['and', 'or', ...FUNCTIONS.keys()]);
