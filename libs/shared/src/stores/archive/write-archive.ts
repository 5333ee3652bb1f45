import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { isKnotError, KnotError } from '../../errors/index.js';
import { renameDurably } from '../../files/durable-file.js';
import type { Secret } from '../../secrets/secret.js';
import { ARCHIVE_FORMAT, type ArchiveCounts, type ArchiveLine } from './archive-line.js';
import { ARCHIVED_KINDS } from './parse-archive.js';
import { sealChunks } from './sealed-stream.js';
import type { StoreSnapshot } from './store-snapshot.js';

export interface WriteArchiveOptions {
  /** Encrypts the file. */
  readonly passphrase?: Secret | null;
  /** Called now and then with how much was written. */
  readonly progress?: (counts: ArchiveCounts) => void;
}

/**
 * Writes all that a snapshot holds into one file of mode 0600, which any store can be filled from. The file has its name
 * only once it is whole and on the disk. Throws `input.invalid` when `target` is there.
 */
export async function writeArchive(
  target: string,
  openSnapshot: () => Promise<StoreSnapshot>,
  { passphrase = null, progress }: WriteArchiveOptions = {},
): Promise<ArchiveCounts> {
  if (existsSync(target)) {
    throw new KnotError('input.invalid', `${target} is there already`, 'Name a file that does not exist yet.');
  }
  const draft = `${target}.part`;
  const counts = { rows: 0, claims: 0 };
  try {
    await rm(draft, { force: true });
    const file = await open(draft, 'wx', 0o600);
    const out = file.createWriteStream({ flush: true });
    const lines = Readable.from(linesOf(openSnapshot, counts, progress));
    const gzip = createGzip();
    if (passphrase === null) await pipeline(lines, gzip, out);
    else await Promise.all([pipeline(lines, gzip), pipeline(Readable.from(sealChunks(gzip, passphrase)), out)]);
    await renameDurably(draft, target);
    return counts;
  } catch (error) {
    await rm(draft, { force: true });
    if (isKnotError(error)) throw error;
    const hint = 'Check that its folder exists, may be written, and has room.';
    throw new KnotError('store.unavailable', `no backup was made at ${target}`, hint, {}, { cause: error });
  }
}

async function* linesOf(
  openSnapshot: () => Promise<StoreSnapshot>,
  counts: { rows: number; claims: number },
  progress: WriteArchiveOptions['progress'],
): AsyncGenerator<string> {
  const snapshot = await openSnapshot();
  try {
    yield text({ knot: 'backup', format: ARCHIVE_FORMAT });
    for (const head of snapshot.heads) yield text({ head });
    for (const kind of ARCHIVED_KINDS) {
      for await (const rows of snapshot.rows(kind)) {
        for (const row of rows) yield text({ kind, row });
        counts.rows += rows.length;
        progress?.(counts);
      }
    }
    for await (const claims of snapshot.claims()) {
      for (const claim of claims) yield text({ claim });
      counts.claims += claims.length;
    }
  } finally {
    await snapshot.close();
  }
  yield text({ end: counts });
}

function text(line: ArchiveLine): string {
  return `${JSON.stringify(line)}\n`;
}
