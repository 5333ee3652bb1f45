import type { SpaceSnapshot } from '@knot/domain';
import { sha256Hex, type KeyRing } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { NewRow, SnapshotRow } from '@knot/shared/store';
import { parseSnapshot } from './parse-snapshot.js';

/** A space travels to its leaf in one message of at most 4 MiB, bytes. */
const LARGEST = 3 * 1024 * 1024;

/** Its leaf hears of a start in a moment: so many of the last are known without being opened, unless they are long. */
const KEPT = 64;
const LONGEST_KEPT = 32_768;

/** Keeps what spaces run from: content-addressed, sealed, never changed. */
export class SnapshotVault {
  private readonly sealed = new Map<string, SpaceSnapshot>();

  constructor(private readonly keys: KeyRing) {}

  /** The snapshot under the hash of its content, with the row that keeps it. Throws `input.too_large`. */
  seal(
    content: Omit<SpaceSnapshot, 'hash'>,
    spaceId: string,
    createdAt: number,
  ): { readonly snapshot: SpaceSnapshot; readonly row: NewRow<'snapshot'> } {
    const text = canonicalJson(content);
    assertSize(text);
    const hash = `sha256:${sha256Hex(text)}`;
    const row = { id: hash, spaceId, body: this.keys.sealText(text, snapshotContext(hash)), createdAt };
    if (text.length <= LONGEST_KEPT) this.keep(hash, text);
    return { snapshot: { ...content, hash }, row };
  }

  /** One that was sealed here just now; whether it was written is for the row that names it to say. */
  sealedLately(hash: string): SpaceSnapshot | undefined {
    return this.sealed.get(hash);
  }

  open(row: SnapshotRow): SpaceSnapshot {
    return { ...parseSnapshot(this.keys.openText(row.body, snapshotContext(row.id))), hash: row.id };
  }

  /** As it would be opened: what is made of it later must not hang on the order in which it was put together. */
  private keep(hash: string, text: string): void {
    this.sealed.set(hash, { ...parseSnapshot(text), hash });
    const [oldest] = this.sealed.size > KEPT ? this.sealed.keys() : [];
    if (oldest !== undefined) this.sealed.delete(oldest);
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
  return JSON.stringify(sorted(value));
}

/** A function that `JSON.stringify` calls for each part makes it several times slower. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const parts = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(parts.map(([key, part]) => [key, sorted(part)]));
}
