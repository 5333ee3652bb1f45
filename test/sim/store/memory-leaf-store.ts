import type { ObservedSpace, SpaceRecord } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { LeafObject, LeafObjectKind, LeafStore, OutboxEntry, Position } from '@knot/shared/store';

interface Observed {
  readonly kind: 'space' | 'volume';
  readonly id: string;
  readonly payload: string;
  readonly sequence: number;
  readonly pending: boolean;
}

/** What a leaf's disk holds. It outlives the processes that have it open. */
export class LeafDisk {
  readonly meta = new Map<string, string>();
  readonly secrets = new Map<string, string>();
  position: Position | null = null;
  readonly objects = new Map<string, LeafObject>();
  readonly records = new Map<string, string>();
  readonly observed = new Map<string, Observed>();
  sequence = 0;

  record(id: string): SpaceRecord | null {
    const text = this.records.get(id);
    return text === undefined ? null : (JSON.parse(text) as SpaceRecord);
  }
}

export interface MemoryLeafStoreOptions {
  readonly disk: LeafDisk;
  /** How the disk takes its time: waits, then calls `write`, and answers when that is durable. */
  readonly schedule?: (write: () => void) => Promise<void>;
  /** Whether this write finds the disk full. */
  readonly isFull?: () => boolean;
  /** Told of each position in the instant in which it is stored; `relisted` when a listing ends with it. */
  readonly onPosition?: (position: Position, relisted: boolean) => void;
}

/** The `LeafStore` port over a disk in memory. What it has answered is on the disk; what it has not may be. */
export class MemoryLeafStore implements LeafStore {
  private closed = false;

  constructor(private readonly options: MemoryLeafStoreOptions) {}

  async meta(key: string): Promise<string | null> {
    return this.disk.meta.get(key) ?? null;
  }

  putMeta(key: string, value: string): Promise<void> {
    return this.write((disk) => disk.meta.set(key, value));
  }

  async secret(key: string): Promise<string | null> {
    return this.disk.secrets.get(key) ?? null;
  }

  putSecret(key: string, value: string): Promise<void> {
    return this.write((disk) => disk.secrets.set(key, value));
  }

  async position(): Promise<Position | null> {
    return this.disk.position;
  }

  applyChanges({ upserts, deletes, position }: Parameters<LeafStore['applyChanges']>[0]): Promise<void> {
    const copies = upserts.map(({ kind, id, bytes }) => ({ kind, id, bytes: Buffer.from(bytes), listed: true }));
    return this.write((disk) => {
      for (const object of copies) disk.objects.set(keyOf(object.kind, object.id), object);
      for (const { kind, id } of deletes) disk.objects.delete(keyOf(kind, id));
      if (position === null) return;
      disk.position = position;
      this.options.onPosition?.(position, false);
    });
  }

  async finishRelist(named: ReadonlySet<string>, position: Position): Promise<readonly LeafObject[]> {
    await this.write((disk) => {
      for (const [key, object] of disk.objects) {
        if (!named.has(object.id)) disk.objects.set(key, { ...object, listed: false });
      }
      disk.position = position;
      this.options.onPosition?.(position, true);
    });
    return [...this.disk.objects.values()].filter(({ listed }) => !listed);
  }

  async object(kind: LeafObjectKind, id: string): Promise<LeafObject | null> {
    return this.disk.objects.get(keyOf(kind, id)) ?? null;
  }

  async objects(kind: LeafObjectKind): Promise<readonly LeafObject[]> {
    return [...this.disk.objects.values()].filter((object) => object.kind === kind);
  }

  async record(id: string): Promise<SpaceRecord | null> {
    return this.disk.record(id);
  }

  async records(): Promise<readonly SpaceRecord[]> {
    return [...this.disk.records.keys()].flatMap((id) => this.disk.record(id) ?? []);
  }

  putRecord(record: SpaceRecord): Promise<void> {
    const text = JSON.stringify(record);
    return this.write((disk) => disk.records.set(record.id, text));
  }

  putObserved(record: SpaceRecord, observed: ObservedSpace): Promise<void> {
    const [text, payload] = [JSON.stringify(record), JSON.stringify(observed)];
    return this.write((disk) => {
      disk.records.set(record.id, text);
      putOutbox(disk, { kind: 'space', id: observed.id, payload });
    });
  }

  async observed(id: string): Promise<ObservedSpace | null> {
    const found = this.disk.observed.get(keyOf('space', id));
    return found ? (JSON.parse(found.payload) as ObservedSpace) : null;
  }

  putVolumeObserved(id: string, payload: string): Promise<void> {
    return this.write((disk) => putOutbox(disk, { kind: 'volume', id, payload }));
  }

  forget(kind: LeafObjectKind, id: string): Promise<void> {
    return this.write((disk) => {
      disk.objects.delete(keyOf(kind, id));
      disk.observed.delete(keyOf(kind, id));
      if (kind === 'space') disk.records.delete(id);
    });
  }

  async outbox(limit: number): Promise<readonly OutboxEntry[]> {
    return [...this.disk.observed.values()]
      .filter(({ pending }) => pending)
      .sort((a, b) => a.sequence - b.sequence)
      .slice(0, limit)
      .map(({ kind, id, payload, sequence }) => ({ kind, id, payload, sequence }));
  }

  acknowledge(sequence: number): Promise<void> {
    return this.write((disk) => {
      for (const [key, entry] of disk.observed) {
        if (entry.pending && entry.sequence <= sequence) disk.observed.set(key, { ...entry, pending: false });
      }
    });
  }

  reportAll(): Promise<void> {
    return this.write((disk) => {
      for (const entry of [...disk.observed.values()].sort((a, b) => a.sequence - b.sequence)) putOutbox(disk, entry);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  private get disk(): LeafDisk {
    if (this.closed) throw closed();
    return this.options.disk;
  }

  private async write(change: (disk: LeafDisk) => unknown): Promise<void> {
    const { disk } = this;
    if (this.options.isFull?.()) throw new KnotError('store.unavailable', 'There is no space left on the disk.');
    if (!this.options.schedule) change(disk);
    else await this.options.schedule(() => void change(disk));
  }
}

function putOutbox(disk: LeafDisk, entry: Pick<Observed, 'kind' | 'id' | 'payload'>): void {
  const { kind, id, payload } = entry;
  const key = keyOf(kind, id);
  disk.observed.delete(key);
  disk.observed.set(key, { kind, id, payload, sequence: ++disk.sequence, pending: true });
}

function keyOf(kind: LeafObjectKind, id: string): string {
  return `${kind}\n${id}`;
}

function closed(): KnotError {
  return new KnotError('store.unavailable', 'The store is closed.');
}
