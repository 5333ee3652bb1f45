import { fromBinary } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { Position } from '@knot/shared/store';
import type { LeafDisk } from '../store/memory-leaf-store.js';
import type { History } from '../world/history.js';

/** A space as a leaf's disk held it at some time. */
export interface HeldSpace {
  readonly at: number;
  readonly want: sync.Want;
  readonly restarts: number;
  readonly hash: string;
  readonly generation: number;
}

/** A run that began with what was true then may end so much later, ms. */
const RUN_MS = 45_000;

/** I4: the revisions that a leaf stores rise strictly within an epoch. Remembers what each disk held, and when. */
export class PositionChecks {
  private readonly last = new WeakMap<LeafDisk, Position>();
  private readonly seen = new WeakMap<LeafDisk, Map<string, { bytes: Uint8Array; held: HeldSpace[] }>>();

  constructor(
    private readonly history: History,
    private readonly clock: { monotonic(): number },
  ) {}

  stored(who: string, disk: LeafDisk, position: Position, relisted: boolean): void {
    const before = this.last.get(disk);
    if (!relisted && before?.epoch === position.epoch && position.rev <= before.rev) {
      this.history.break('I4', `${who} stored revision ${position.rev} after ${before.rev}`);
    }
    this.last.set(disk, position);
    this.history.note(who, `stores revision ${position.rev}${relisted ? ' of a listing' : ''}`);
    this.remember(disk);
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
