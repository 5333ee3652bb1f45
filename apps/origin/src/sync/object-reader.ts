import { sync } from '@knot/contract';
import type { Kind, LogEntry, SpaceRow, Store } from '@knot/shared/store';
import { wireLocation, wireSpace, wireVolume, type WireObject } from './to-wire.js';
import type { WireSnapshots } from './wire-snapshots.js';

export interface ReadChanges {
  readonly upserts: readonly WireObject[];
  readonly deletes: readonly { readonly kind: sync.ObjectKind; readonly id: string }[];
}

type RowSource = Pick<Store, 'getMany'>;

const OBJECT_KIND: Partial<Record<Kind, sync.ObjectKind>> = {
  space: sync.ObjectKind.SPACE,
  volume: sync.ObjectKind.VOLUME,
  location: sync.ObjectKind.LOCATION,
};

/** Reads the rows behind log entries as the self-contained objects a leaf acts on. */
export class ObjectReader {
  constructor(
    private readonly store: Store,
    private readonly snapshots: WireSnapshots,
  ) {}

  /**
   * The latest of each object that the entries name, whatever the entries said; a missing row is a delete. `from` is
   * where rows are read, the store unless they came with the entries.
   */
  async changes(location: string, entries: readonly LogEntry[], from: RowSource = this.store): Promise<ReadChanges> {
    const idsOf = (kind: Kind) => [...new Set(entries.filter((entry) => entry.kind === kind).map(({ id }) => id))];
    const [spaceIds, volumeIds, locationIds] = [idsOf('space'), idsOf('volume'), idsOf('location')];
    const [spaces, volumes, locations] = await Promise.all([
      from.getMany('space', spaceIds),
      from.getMany('volume', volumeIds),
      from.getMany('location', locationIds),
    ]);
    const here = spaces.filter((row) => row.location === location);
    const present = new Set([...here, ...volumes, ...locations].map(({ id }) => id));
    const gone = (kind: Kind, ids: readonly string[]) =>
      ids
        .filter((id) => !present.has(id))
        .map((id) => ({ kind: OBJECT_KIND[kind] ?? sync.ObjectKind.UNSPECIFIED, id }));
    return {
      upserts: [...locations.map(wireLocation), ...(await this.spaces(here, false, from)), ...volumes.map(wireVolume)],
      deletes: [...gone('space', spaceIds), ...gone('volume', volumeIds)],
    };
  }

  async spaces(
    rows: readonly SpaceRow[],
    withLastReported: boolean,
    from: RowSource = this.store,
  ): Promise<readonly WireObject[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const members = rows.flatMap(membersOf);
    const [users, snapshots, reports] = await Promise.all([
      from.getMany('user', [...new Set(members)]),
      this.snapshots.of(rows.map((row) => row.snapshotHash).filter((hash) => hash !== '')),
      withLastReported ? this.store.getMany('spaceObserved', ids) : [],
    ]);
    const userOf = new Map(users.map((user) => [user.id, user]));
    const reportOf = new Map(reports.map((row) => [row.id, row]));
    return rows.map((row) => {
      const ownerName = userOf.get(row.ownerId)?.username ?? '';
      const members = membersOf(row).flatMap((id) => userOf.get(id) ?? []);
      return wireSpace(row, ownerName, members, snapshots.get(row.snapshotHash) ?? null, reportOf.get(row.id) ?? null);
    });
  }
}

function membersOf({ ownerId, sharedWith }: SpaceRow): readonly string[] {
  return [ownerId, ...sharedWith];
}
