import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import { KIND_ENTITIES } from '../../entities/kind-entities.js';
import { isKnotError, KnotError } from '../../errors/index.js';
import { renameDurably } from '../../files/durable-file.js';
import type { Kind } from '../rows.js';
import { ARCHIVE_FORMAT, type ArchiveLine } from './archive-line.js';
import type { StoreSnapshot } from './store-snapshot.js';

/** How much was written so far. */
export interface ArchiveCounts {
  rows: number;
  claims: number;
}

const KINDS = Object.keys(KIND_ENTITIES).filter((name): name is Kind => Object.hasOwn(KIND_ENTITIES, name));

/**
 * Writes all that a snapshot holds into one file of mode 0600, which any store can be filled from. The file has its name
 * only once it is whole and on the disk. Throws `input.invalid` when `target` is there.
 */
export async function writeArchive(target: string, openSnapshot: () => Promise<StoreSnapshot>): Promise<ArchiveCounts> {
  if (existsSync(target)) {
    throw new KnotError('input.invalid', `${target} is there already`, 'Name a file that does not exist yet.');
  }
  const draft = `${target}.part`;
  try {
    await rm(draft, { force: true });
    const file = await open(draft, 'wx', 0o600);
    const gzip = createGzip();
    const out = gzip.pipe(file.createWriteStream({ flush: true }));
    const counts = await writeSnapshot(gzip, openSnapshot);
    gzip.end();
    await finished(out);
    await renameDurably(draft, target);
    return counts;
  } catch (error) {
    await rm(draft, { force: true });
    if (isKnotError(error)) throw error;
    const hint = 'Check that its folder exists, may be written, and has room.';
    throw new KnotError('store.unavailable', `no backup was made at ${target}`, hint, {}, { cause: error });
  }
}

async function writeSnapshot(gzip: Gzip, openSnapshot: () => Promise<StoreSnapshot>): Promise<ArchiveCounts> {
  const snapshot = await openSnapshot();
  const counts = { rows: 0, claims: 0 };
  const say = (line: ArchiveLine): Promise<void> => write(gzip, line);
  try {
    await say({ knot: 'backup', format: ARCHIVE_FORMAT });
    for (const head of snapshot.heads) await say({ head });
    for (const kind of KINDS) {
      for await (const rows of snapshot.rows(kind)) {
        for (const row of rows) await say({ kind, row });
        counts.rows += rows.length;
      }
    }
    for await (const claims of snapshot.claims()) {
      for (const claim of claims) await say({ claim });
      counts.claims += claims.length;
    }
  } finally {
    await snapshot.close();
  }
  await say({ end: counts });
  return counts;
}

async function write(gzip: Gzip, line: ArchiveLine): Promise<void> {
  if (!gzip.write(`${JSON.stringify(line)}\n`)) await once(gzip, 'drain');
}
