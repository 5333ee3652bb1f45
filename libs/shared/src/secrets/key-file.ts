import { chmod, link, mkdir, readFile, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isSystemError, KnotError } from '../errors/index.js';
import { syncFolder, writeThrough } from '../files/durable-file.js';
import { KeyRing } from './key-ring.js';
import type { RandomSource } from './random-text.js';

const KEY_BYTES = 32;
const OTHERS = 0o077;

/**
 * The key ring in a file of this user only (mode 0600), one base64 key of 32 bytes a line, the current one first; made
 * with a new key when it is not there. Keep it apart from the database and its backups.
 */
export async function openKeyFile(path: string, random: RandomSource): Promise<KeyRing> {
  const text = (await readKeys(path)) ?? (await createKeyFile(path, random));
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const roots = lines.map((line) => Buffer.from(line.trim(), 'base64'));
  if (roots.length === 0 || roots.some((root) => root.length !== KEY_BYTES)) {
    throw new KnotError('config.invalid', `${path} holds no key`, 'Put the right file back; a lost key opens nothing.');
  }
  return new KeyRing(roots, random);
}

async function readKeys(path: string): Promise<string | null> {
  try {
    await closeToOthers(path);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw unreadable(path, error);
  }
}

/** A file that another user owns (a mounted Kubernetes Secret) is that one's to close. */
async function closeToOthers(path: string): Promise<void> {
  const { mode, uid } = await stat(path);
  if ((mode & OTHERS) !== 0 && uid === process.getuid?.()) await chmod(path, 0o600).catch(() => {});
}

async function createKeyFile(path: string, random: RandomSource): Promise<string> {
  const text = `${Buffer.from(random(KEY_BYTES)).toString('base64')}\n`;
  const draft = `${path}.${Buffer.from(random(6)).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // What is sealed from now on is lost without this key: it must be on the disk first.
    await writeThrough(draft, text, 'wx');
    // A link gives the name to a whole file or to none, and to the first of two processes only.
    await link(draft, path).finally(() => unlink(draft));
    await syncFolder(dirname(path));
  } catch (error) {
    throw unreadable(path, error);
  }
  return text;
}

function unreadable(path: string, error: unknown): KnotError {
  const text = error instanceof Error ? error.message : String(error);
  const hint = 'Check the owner and mode of the file and its folder.';
  return new KnotError('config.invalid', `the key file cannot be used: ${text}`, hint, { path }, { cause: error });
}
