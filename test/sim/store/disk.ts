import type { Kind, LogEntry, Rows, StreamName } from '@knot/shared/store';

/** One stream of the revision log. */
export interface Stream {
  rev: number;
  nonce: string;
  compactedRev: number;
  compactedNonce: string;
  entries: LogEntry[];
}

/** What a database holds. Rows are never changed in place, so a copy of the maps is a copy of all. */
export interface DiskContent {
  readonly rows: Map<Kind, Map<string, Rows[Kind]>>;
  readonly claims: Map<string, string>;
  readonly streams: Map<StreamName, Stream>;
  readonly epoch: string;
}

export function emptyStream(): Stream {
  return { rev: 0, nonce: '', compactedRev: 0, compactedNonce: '', entries: [] };
}

/** The database of a simulated installation. It outlives the origins that have it open, and can be put back. */
export class OriginDisk {
  content: DiskContent = { rows: new Map(), claims: new Map(), streams: new Map(), epoch: '' };
  /** Whether an older content was put here since it was opened last. */
  restored = false;
  readonly backups = new Map<string, DiskContent>();

  /** All of it, as it is now. */
  copy(): DiskContent {
    return copyOf(this.content);
  }

  restore(content: DiskContent): void {
    this.content = copyOf(content);
    this.restored = true;
  }

  row<K extends Kind>(kind: K, id: string): Rows[K] | null {
    return (this.content.rows.get(kind)?.get(id) as Rows[K] | undefined) ?? null;
  }

  rows<K extends Kind>(kind: K): readonly Rows[K][] {
    return [...(this.content.rows.get(kind)?.values() ?? [])] as Rows[K][];
  }

  stream(name: StreamName): Stream {
    return this.content.streams.get(name) ?? emptyStream();
  }
}

function copyOf({ rows, claims, streams, epoch }: DiskContent): DiskContent {
  return {
    rows: new Map([...rows].map(([kind, ofKind]) => [kind, new Map(ofKind)])),
    claims: new Map(claims),
    streams: new Map([...streams].map(([name, stream]) => [name, { ...stream, entries: [...stream.entries] }])),
    epoch,
  };
}

export function claimKey(scope: string, value: string): string {
  return `${scope}\n${value}`;
}
