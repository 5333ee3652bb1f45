import { fromBinary } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { Commit, Position } from '@knot/shared/store';
import type { OriginDisk } from '../store/disk.js';
import type { LeafDisk } from '../store/memory-leaf-store.js';
import type { History } from '../world/history.js';
import type { ActingLeaf } from '../world/witness.js';

/** A space as a leaf's disk held it at some time. */
export interface HeldSpace {
  readonly at: number;
  readonly want: sync.Want;
  readonly restarts: number;
  readonly hash: string;
  readonly generation: number;
}

/** The last that the log says of an object. */
interface Logged {
  readonly rev: number;
  readonly generation: number;
}

/** A run that began with what was true then may end so much later, ms. */
const RUN_MS = 45_000;

/**
 * I4: the revisions that a leaf stores rise strictly within an epoch and cover all that was committed. Remembers what each
 * disk held, and when.
 */
export class PositionChecks {
  private readonly last = new WeakMap<LeafDisk, Position>();
  /** By stream and space. */
  private readonly logged = new Map<string, Map<string, Logged>>();
  private readonly seen = new WeakMap<LeafDisk, Map<string, { bytes: Uint8Array; held: HeldSpace[] }>>();

  constructor(
    private readonly history: History,
    private readonly clock: { monotonic(): number },
    private readonly database: () => OriginDisk,
  ) {}

  /** Of the database, as it is now. */
  get epoch(): string {
    return this.database().content.epoch;
  }

  /** What stood in the logs of a history that is gone counts no more. */
  restored(): void {
    this.logged.clear();
  }

  /** Called in the instant of the commit: the entries that it wrote are the last of their streams. */
  committed({ log = [], writes }: Commit): void {
    const database = this.database();
    for (const { stream, kind, id } of log) {
      if (stream === 'events' || kind !== 'space') continue;
      const rev = database.stream(stream).entries.findLast((entry) => entry.id === id)?.rev ?? 0;
      const ofLocation = this.logged.get(stream) ?? new Map<string, Logged>();
      this.logged.set(stream, ofLocation);
      if (writes.some((write) => 'delete' in write && write.delete === 'space' && write.id === id))
        ofLocation.delete(id);
      else ofLocation.set(id, { rev, generation: database.row('space', id)?.generation ?? 0 });
    }
  }

  stored({ process: { name: who }, location, disk }: ActingLeaf, position: Position, relisted: boolean): void {
    const before = this.last.get(disk);
    if (!relisted && before?.epoch === position.epoch && position.rev <= before.rev) {
      this.history.break('I4', `${who} stored revision ${position.rev} after ${before.rev}`);
    }
    this.last.set(disk, position);
    this.history.note(who, `stores revision ${position.rev}${relisted ? ' of a listing' : ''}`);
    this.remember(disk);
    if (position.epoch !== this.epoch) return;
    for (const [id, { rev, generation }] of this.logged.get(`location:${location}`) ?? []) {
      const held = this.seen.get(disk)?.get(id)?.held.at(-1)?.generation ?? 0;
      if (rev > position.rev || held >= generation) continue;
      this.history.break('I4', `${who} is at revision ${position.rev}, and does not have ${id} as ${rev} left it`);
    }
  }

  /** All that the disk has held of a space since a run that ends now may have begun, the newest last. */
  heldLately(disk: LeafDisk, space: string): readonly HeldSpace[] {
    this.remember(disk);
    const held = this.seen.get(disk)?.get(space)?.held ?? [];
    const since = this.clock.monotonic() - RUN_MS;
    return held.filter((_, index) => (held[index + 1]?.at ?? Infinity) >= since);
  }

  private remember(disk: LeafDisk): void {
    const seen = this.seen.get(disk) ?? new Map<string, { bytes: Uint8Array; held: HeldSpace[] }>();
    this.seen.set(disk, seen);
    for (const { kind, id, bytes } of disk.objects.values()) {
      const known = seen.get(id);
      if (kind !== 'space' || known?.bytes === bytes) continue;
      const { want, restarts, snapshot, generation } = fromBinary(sync.SpaceSchema, bytes);
      const numbers = { restarts: Number(restarts), generation: Number(generation) };
      const now = { at: this.clock.monotonic(), want, hash: snapshot?.hash ?? '', ...numbers };
      seen.set(id, { bytes, held: [...(known?.held ?? []), now] });
    }
  }
}
