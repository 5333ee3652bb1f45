import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, replaceFile } from '@knot/shared/files';

/** Names the origin of a data folder, over restarts: a new process of it is not taken for another one. */
export async function originId(dataPath: string, newId: () => string): Promise<string> {
  const file = join(dataPath, 'origin-id');
  const known = (await readIfThere(file))?.trim() ?? '';
  if (known !== '') return known;
  const id = newId();
  await mkdir(dataPath, { recursive: true, mode: 0o700 });
  await replaceFile(file, id);
  return id;
}
