import { createHash } from 'node:crypto';
import type { SpaceSnapshot } from '@knot/domain';
import type { KeyRing } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { NewRow, SnapshotRow } from '@knot/shared/store';
import { parseSnapshot } from './parse-snapshot.js';

/** A space travels to its leaf in one message of at most 4 MiB, bytes. */
const LARGEST = 3 * 1024 * 1024;

/** Keeps what spaces run from: content-addressed, sealed, never changed. */
export class SnapshotVault {
  constructor(private readonly keys: KeyRing) {}

  /** The snapshot under the hash of its content, with the row that keeps it. Throws `input.too_large`. */
  seal(
    content: Omit<SpaceSnapshot, 'hash'>,
    spaceId: string,
    createdAt: number,
  ): { readonly snapshot: SpaceSnapshot; readonly row: NewRow<'snapshot'> } {
    const text = canonicalJson(content);
    assertSize(text);
    const hash = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    const row = { id: hash, spaceId, body: this.keys.sealText(text, snapshotContext(hash)), createdAt };
    return { snapshot: { ...content, hash }, row };
  }

  open(row: SnapshotRow): SpaceSnapshot {
    return { ...parseSnapshot(this.keys.openText(row.body, snapshotContext(row.id))), hash: row.id };
  }
}

function assertSize(text: string): void {
  const size = Buffer.byteLength(text);
  if (size <= LARGEST) return;
  const message = `What this space starts from, template and variables, has ${(size / 1024 / 1024).toFixed(1)} MiB; 3 MiB are the most.`;
  throw new KnotError('input.too_large', message, 'Keep large files out of templates, e.g. in an image.');
}

/** What the body of a snapshot is sealed for. */
export function snapshotContext(hash: string): string {
  return `snapshot:${hash}`;
}

/** JSON with sorted keys, so that the same content has the same hash. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
