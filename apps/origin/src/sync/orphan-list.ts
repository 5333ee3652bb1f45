import { toJson } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { KeyRing } from '@knot/shared';
import type { NewRow, OrphanRow, Store, Write } from '@knot/shared/store';
import { platformNamed } from './from-wire.js';

const MOST = 500;

/** The marked objects of a location that have no row, as its leaf last listed them. */
export class OrphanList {
  constructor(
    private readonly store: Store,
    private readonly keys: KeyRing,
  ) {}

  /**
   * The writes that make the list so: what is still there keeps its row, what is gone loses it. Of a platform that the
   * leaf could not look through every row stays.
   */
  async replace(
    location: string,
    { orphans: listed, orphansOf }: Pick<sync.LocationStatus, 'orphans' | 'orphansOf'>,
    now: number,
  ): Promise<readonly Write[]> {
    const lookedThrough = ({ platform }: OrphanRow) => orphansOf.length === 0 || orphansOf.includes(platform);
    const [{ rows: known }, taken] = await Promise.all([
      this.store.page('orphan', { where: { location }, limit: MOST }),
      this.store.getMany(
        'space',
        listed.map((orphan) => orphan.spaceId),
      ),
    ]);
    const hasRow = new Set(taken.map(({ id }) => id));
    const fresh = listed.slice(0, MOST).filter((orphan) => !hasRow.has(orphan.spaceId));
    const knownIds = new Set(known.map(({ id }) => id));
    const freshIds = new Set(fresh.map((orphan) => orphanId(location, orphan.spaceId)));
    return [
      ...known
        .filter((row) => !freshIds.has(row.id) && lookedThrough(row))
        .map(({ id }) => ({ delete: 'orphan' as const, id })),
      ...fresh
        .filter((orphan) => !knownIds.has(orphanId(location, orphan.spaceId)))
        .map((orphan) => ({ put: 'orphan' as const, row: this.row(location, orphan, now) })),
    ];
  }

  private row(location: string, orphan: sync.Orphan, now: number): NewRow<'orphan'> {
    const id = orphanId(location, orphan.spaceId);
    return {
      id,
      spaceId: orphan.spaceId,
      location,
      platform: platformNamed(orphan.platform) ?? 'nomad',
      ownerName: orphan.owner,
      name: orphan.name,
      createdAt: Number(orphan.createdAt),
      seenAt: now,
      lastKnown: orphan.lastKnown ? this.sealed(id, orphan.lastKnown) : '',
    };
  }

  private sealed(id: string, space: sync.Space): string {
    return this.keys.sealText(JSON.stringify(toJson(sync.SpaceSchema, space)), `orphan:${id}`);
  }
}

export function orphanId(location: string, spaceId: string): OrphanRow['id'] {
  return `${location}/${spaceId}`;
}
