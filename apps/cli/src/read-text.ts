import { resolve } from 'node:path';
import { KnotError } from '@knot/shared/errors';
import { explainFileError } from '@knot/shared/config';
import type { CommandContext } from './command-context.js';

/** The text of a file, or of standard input for `-`. */
export async function readText(context: CommandContext, name: string): Promise<string> {
  if (name === '-') return context.input.readAll();
  const path = resolve(context.cwd, name);
  try {
    return context.readFile(path);
  } catch (error) {
    throw new KnotError('input.invalid', `${name}: ${explainFileError(error)}`, '', {}, { cause: error });
  }
}
