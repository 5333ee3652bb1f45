import type { Command } from 'commander';
import { wholeNumber } from '../options.js';

export interface LimitOptions {
  readonly maxSpaces?: number;
  readonly maxRunning?: number;
  readonly computeUnits?: number;
  readonly storageUnits?: number;
}

/** The quotas of a user or a group. */
export function addLimitOptions(command: Command, none: string): Command {
  return command
    .option('--max-spaces <number>', `how many spaces there may be; 0 = ${none}`, wholeNumber)
    .option('--max-running <number>', `how many spaces may run at once; 0 = ${none}`, wholeNumber)
    .option('--compute-units <number>', `units of running spaces; 0 = ${none}`, wholeNumber)
    .option('--storage-units <number>', `units of spaces that have volumes; 0 = ${none}`, wholeNumber);
}
