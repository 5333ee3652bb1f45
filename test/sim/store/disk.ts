import type { Kind, LogEntry, Rows, StreamName } from '@knot/shared/store';

interface Stream {
  readonly rev: number;
  readonly nonce: string;
  readonly compactedRev: number;
  readonly compactedNonce: string;
  readonly entries: readonly LogEntry[];
}

export const EMPTY_STREAM: Stream = { rev: 0, nonce: '', compactedRev: 0, compactedNonce: '', entries: [] };

/** What an origin's disk holds. Rows are never changed in place, so a copy of the maps is a copy of all. */
export interface DiskContent {
  readonly rows: ReadonlyMap<string, Rows[Kind]>;
  /** The same by kind, for lists. */
  readonly claims: ReadonlyMap<string, string>;
  readonly streams: ReadonlyMap<StreamName, Stream>;
  readonly epoch: string;
}

/** The disk of a simulated origin. It outlives the processes that have it open, and can be put back. */
export class OriginDisk {
  content: DiskContent = { rows: new Map(), claims: new Map(), streams: new Map(), epoch: '' };
  /** Whether an older content was put here since it was opened last. */
  restored = false;
  readonly backups = new Map<string, DiskContent>();

  restore(content: DiskContent): void {
    this.content = content;
    this.restored = true;
  }

  row<K extends Kind>(kind: K, id: string): Rows[K] | null {
    return (this.content.rows.get(rowKey(kind, id)) as Rows[K] | undefined) ?? null;
  }

  rows<K extends Kind>(kind: K): readonly Rows[K][] {
    const prefix = `${kind}\n`;
    return [...this.content.rows].flatMap(([key, row]) => (key.startsWith(prefix) ? [row as Rows[K]] : []));
  }
}

export function rowKey(kind: Kind, id: string): string {
  return `${kind}\n${id}`;
}

export function claimKey(scope: string, value: string): string {
  return `${scope}\n${value}`;
}
