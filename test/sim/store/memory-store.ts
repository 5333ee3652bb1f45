import { isKnotError, KnotError } from '@knot/shared/errors';
import type {
  Commit,
  Committed,
  Kind,
  LogEntry,
  Page,
  PageRequest,
  Position,
  RetryPacing,
  Rows,
  Store,
  StreamName,
} from '@knot/shared/store';
import { applyCommit } from './apply-commit.js';
import { claimKey, type OriginDisk } from './disk.js';
import { countRows, pageRows } from './page-rows.js';

/** What can befall one commit: refused before it is written, or written and its answer lost. */
export type CommitFault = 'conflict' | 'unavailable' | 'answer-lost';

export interface MemoryStoreOptions {
  readonly disk: OriginDisk;
  readonly clock: { now(): number };
  readonly newId: () => string;
  readonly nonce: () => string;
  readonly pacing?: RetryPacing;
  /** How the disk takes its time: waits, then calls `write`, and answers when that is durable. */
  readonly schedule?: (write: () => void) => Promise<void>;
  /** Before each read of rows. */
  readonly pause?: () => Promise<void>;
  readonly fault?: () => CommitFault | null;
  /** Told of each commit in the instant in which it takes effect, with the streams it has written to. */
  readonly onWritten?: (commit: Commit, streams: readonly StreamName[]) => void;
}

/** The `Store` port over a disk in memory. What it has answered is on the disk; what it has not may be. */
export class MemoryStore implements Store {
  readonly pacing: RetryPacing | undefined;
  private readonly listeners = new Set<(streams: readonly StreamName[]) => void>();
  /** The heads that the last poll has found. */
  private readonly seen = new Map<StreamName, string>();
  private closed = false;

  constructor(private readonly options: MemoryStoreOptions) {
    this.pacing = options.pacing;
    const { disk, newId } = options;
    const fresh = disk.content.epoch === '' || disk.restored;
    if (fresh) disk.content = { ...disk.content, epoch: newId() };
    disk.restored = false;
  }

  async get<K extends Kind>(kind: K, id: string): Promise<Rows[K] | null> {
    await this.read();
    return this.options.disk.row(kind, id);
  }

  async getMany<K extends Kind>(kind: K, ids: readonly string[]): Promise<readonly Rows[K][]> {
    await this.read();
    return [...new Set(ids)].flatMap((id) => this.options.disk.row(kind, id) ?? []);
  }

  async page<K extends Kind>(kind: K, request: PageRequest<K>): Promise<Page<Rows[K]>> {
    await this.read();
    return pageRows(kind, this.options.disk.rows(kind), request);
  }

  async count<K extends Kind>(kind: K, where: PageRequest<K>['where']): Promise<number> {
    await this.read();
    return countRows(kind, this.options.disk.rows(kind), where);
  }

  async holder(scope: string, value: string): Promise<string | null> {
    await this.read();
    return this.options.disk.content.claims.get(claimKey(scope, value)) ?? null;
  }

  async commit(commit: Commit): Promise<Committed> {
    this.assertOpen();
    const fault = this.options.fault?.() ?? null;
    if (fault === 'conflict') throw new KnotError('store.conflict', 'The database has chosen it for a deadlock.');
    if (fault === 'unavailable') throw unavailable();
    let committed: Committed | null = null;
    let refused: KnotError | null = null;
    await this.schedule(() => {
      try {
        committed = this.write(commit);
      } catch (error) {
        refused = isKnotError(error)
          ? error
          : new KnotError('internal', 'The commit is not sound.', '', {}, { cause: error });
      }
    });
    // Assigned in the closure above, which the compiler does not see.
    const problem = refused as KnotError | null;
    if (problem !== null) throw problem;
    if (fault === 'answer-lost' || committed === null) throw unavailable();
    return committed;
  }

  async head(stream: StreamName): Promise<Position> {
    await this.read();
    const { disk } = this.options;
    const { rev, nonce } = disk.stream(stream);
    return { epoch: disk.content.epoch, rev, nonce };
  }

  async log(stream: StreamName, after: Position, limit: number): Promise<readonly LogEntry[]> {
    await this.read();
    const { disk } = this.options;
    const head = disk.stream(stream);
    if (after.epoch !== disk.content.epoch) throw relist(stream, 'the position is of another epoch');
    if (after.rev > head.rev) throw relist(stream, 'the position is ahead of the head');
    if (after.rev < head.compactedRev) throw relist(stream, 'the position is behind compaction');
    const at = head.entries.findLastIndex(({ rev }) => rev <= after.rev);
    const nonce = after.rev === head.compactedRev ? head.compactedNonce : head.entries[at]?.nonce;
    if (nonce !== after.nonce) throw relist(stream, 'the position is of another history');
    return head.entries.slice(at + 1, at + 1 + limit);
  }

  async compact(stream: StreamName, rev: number): Promise<void> {
    await this.schedule(() => {
      const head = this.options.disk.stream(stream);
      const last = head.entries.findLast((entry) => entry.rev <= rev);
      if (!last) return;
      head.entries = head.entries.filter((entry) => entry.rev > last.rev);
      Object.assign(head, { compactedRev: last.rev, compactedNonce: last.nonce });
    });
  }

  async newEpoch(): Promise<string> {
    const epoch = this.options.newId();
    await this.schedule(() => (this.options.disk.content = { ...this.options.disk.content, epoch }));
    return epoch;
  }

  onCommit(listener: (streams: readonly StreamName[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async now(): Promise<number> {
    return this.options.clock.now();
  }

  async backup(file: string): Promise<void> {
    const { disk } = this.options;
    if (disk.backups.has(file)) throw new KnotError('input.invalid', `${file} is there already`);
    disk.backups.set(file, disk.copy());
  }

  async close(): Promise<void> {
    this.closed = true;
    this.listeners.clear();
  }

  /** One instant: all of it is on the disk, or nothing. */
  private write(commit: Commit): Committed {
    const { disk, nonce } = this.options;
    const fresh = nonce();
    const heads = applyCommit(disk.content, commit, fresh);
    this.options.onWritten?.(commit, [...heads.keys()]);
    if (heads.size > 0) this.wake([...heads.keys()]);
    const { epoch } = disk.content;
    return { heads: Object.fromEntries([...heads].map(([stream, rev]) => [stream, { epoch, rev, nonce: fresh }])) };
  }

  /** Wakes for what others have committed since this was last called, as a look at all heads does. */
  poll(): void {
    const moved: StreamName[] = [];
    for (const [name, { rev, nonce }] of this.options.disk.content.streams) {
      const head = `${rev} ${nonce}`;
      if (this.seen.get(name) !== head) moved.push(name);
      this.seen.set(name, head);
    }
    if (moved.length > 0) this.wake(moved);
  }

  /** Somebody has committed: this process, or another that says so. */
  wake(streams: readonly StreamName[]): void {
    for (const listener of this.listeners) {
      try {
        listener(streams);
      } catch {
        // The commit stands whatever a listener does.
      }
    }
  }

  private schedule(write: () => void): Promise<void> {
    if (this.options.schedule) return this.options.schedule(write);
    write();
    return Promise.resolve();
  }

  private async read(): Promise<void> {
    this.assertOpen();
    await this.options.pause?.();
  }

  private assertOpen(): void {
    if (this.closed) throw unavailable();
  }
}

function unavailable(): KnotError {
  return new KnotError('store.unavailable', 'The store does not answer.', 'Try again in a moment.');
}

function relist(stream: StreamName, why: string): KnotError {
  return new KnotError('sync.relist', `${stream}: ${why}`, 'List again.');
}
