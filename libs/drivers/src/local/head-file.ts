import { lstat } from 'node:fs/promises';
import { sameMark, type Mark } from '@knot/domain';
import { parseObject, readText, textOf, numberOf } from './json-file.js';

/** What a folder of knot says of itself. */
export interface Head {
  readonly mark: Mark;
  /** Display texts. */
  readonly owner: string;
  readonly name: string;
  /** ms since the epoch */
  readonly createdAt: number;
}

export type FolderState =
  | { readonly state: 'absent' }
  /** Not ours: it lacks our exact mark, or is no folder. */
  | { readonly state: 'foreign' }
  | { readonly state: 'own'; readonly head: Head };

export function headText(head: Head): string {
  const { installation, location, space } = head.mark;
  return JSON.stringify({ ...head, mark: { installation, location, space } }, null, 2);
}

/** Whose folder this is. A symbolic link is never followed: whatever it leads to is not ours. */
export async function lookAtFolder(folder: string, headPath: string, mark: Mark): Promise<FolderState> {
  const stats = await lstat(folder).catch(() => null);
  if (!stats) return { state: 'absent' };
  const object = stats.isDirectory() ? parseObject(await readText(headPath)) : null;
  const found = object?.['mark'];
  if (typeof found !== 'object' || found === null) return { state: 'foreign' };
  const theirs: Readonly<Record<string, unknown>> = { ...found };
  const head: Head = {
    mark: {
      installation: textOf(theirs, 'installation'),
      location: textOf(theirs, 'location'),
      space: textOf(theirs, 'space'),
    },
    owner: textOf(object, 'owner'),
    name: textOf(object, 'name'),
    createdAt: numberOf(object, 'createdAt'),
  };
  return sameMark(head.mark, mark) ? { state: 'own', head } : { state: 'foreign' };
}
