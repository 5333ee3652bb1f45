import { readFile } from 'node:fs/promises';
import { replaceFile } from '../../files/durable-file.js';
import type { SqliteFile } from './sqlite-file.js';

/**
 * How the file that was opened stands to the one that this place held last: `new` - empty; `continued` - the same;
 * `restored` - another one was put here (an older backup, a copy from elsewhere).
 */
export type History = 'new' | 'continued' | 'restored';

const READ = `SELECT "value", "opening" FROM "epoch" WHERE "id" = 'epoch'`;
const WRITE = `INSERT INTO "epoch" ("id", "value", "opening") VALUES ('epoch', ?1, ?2)
  ON CONFLICT ("id") DO UPDATE SET "value" = ?1, "opening" = ?2`;

/** Makes a copy known as one wherever it is opened: no mark ever names the empty opening. */
export const STAMP_COPY = `UPDATE "epoch" SET "opening" = ''`;

/**
 * Each opening is named in the database and in `<file>.mark` beside it, which no backup contains. Where the two do not
 * agree, the file is not the one that was written here last: it gets a new epoch, so that every reader lists again.
 * (A raw copy taken and put back within one opening is not seen by this; the nonce of a revision catches its readers.)
 */
export async function enterHistory(
  file: SqliteFile,
  newUuid: () => string,
): Promise<{ readonly epoch: string; readonly history: History }> {
  const mark = `${file.path}.mark`;
  const known = file.db.get(READ);
  const opening = String(known?.['opening'] ?? '');
  const history = await compare(mark, known !== undefined, opening);
  const epoch = history === 'continued' ? String(known?.['value']) : newUuid();
  const next = newUuid();
  // Both names are good until the database has the new one; a crash between two lines is a continued history still,
  // and a restored file stays restored.
  await replaceFile(mark, JSON.stringify(history === 'continued' ? [opening, next] : [next]));
  await file.gate.write(() => file.db.run(WRITE, epoch, next));
  await replaceFile(mark, JSON.stringify([next]));
  return { epoch, history };
}

async function compare(mark: string, known: boolean, opening: string): Promise<History> {
  if (!known) return 'new';
  const openings = await readOpenings(mark);
  return opening !== '' && openings.includes(opening) ? 'continued' : 'restored';
}

async function readOpenings(mark: string): Promise<readonly unknown[]> {
  try {
    const openings: unknown = JSON.parse(await readFile(mark, 'utf8'));
    return isArray(openings) ? openings : [];
  } catch {
    // Lost or damaged: then nothing vouches for the file, and a needless relist is the safe side.
    return [];
  }
}

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
