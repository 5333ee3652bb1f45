import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isSystemError } from '../errors/system-error.js';

/** Null where there is no such file; any other failure is thrown as Node has it. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Puts a text in place of a file, whole and on the disk before it answers. Mode 0600. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.part`;
  await writeThrough(draft, text, 'w');
  await renameDurably(draft, path);
}

/** Writes a file of mode 0600 to the disk; `wx` refuses one that is there. Its name may be lost until `syncFolder`. */
export async function writeThrough(path: string, text: string, flag: 'w' | 'wx'): Promise<void> {
  const file = await open(path, flag, 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Within one folder. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

/** Puts the names in a folder on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
