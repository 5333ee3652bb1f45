import { readFile } from 'node:fs/promises';
import { KnotError } from '@knot/shared/errors';

/** The text of a configured file; undefined where none is configured. Throws `config.invalid` with the key's name. */
export async function readPem(key: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined || path === '') return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new KnotError('config.invalid', `${key} cannot be read: ${why}`, 'Check the path and its permissions.');
  }
}
