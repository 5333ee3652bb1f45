import type { ArchiveCounts } from './archive-line.js';
import { ARCHIVED_KINDS } from './parse-archive.js';
import type { StoreFilling, StoreSnapshot } from './store-snapshot.js';

/** Moves all that one store held at a moment into another. */
export async function copyStore(
  snapshot: StoreSnapshot,
  filling: StoreFilling,
  progress: (counts: ArchiveCounts) => void = () => undefined,
): Promise<ArchiveCounts> {
  const counts = { rows: 0, claims: 0 };
  try {
    for (const kind of ARCHIVED_KINDS) {
      for await (const rows of snapshot.rows(kind)) {
        await filling.putRows(kind, rows);
        counts.rows += rows.length;
        progress(counts);
      }
    }
    for await (const claims of snapshot.claims()) {
      await filling.putClaims(claims);
      counts.claims += claims.length;
    }
    await filling.putHeads(snapshot.heads);
  } finally {
    await snapshot.close();
  }
  await filling.finish();
  return counts;
}
