import { create, fromBinary } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { Driver, MarkedObject } from '@knot/drivers';
import type { Clock } from '@knot/shared';
import type { LeafStore } from '@knot/shared/store';
import type { Inventory } from '../inventory.js';
import type { Platforms } from '../platforms/platforms.js';
import { within } from '../within.js';

const LIST_MS = 20_000;
const MOST = 500;

/**
 * Marked objects at the backends that no row names. They are told to the origin and touched by nobody until a person
 * has decided.
 */
export class Orphans {
  private found: readonly sync.Orphan[] = [];
  private text = '';
  private listings = 0;

  constructor(
    private readonly store: LeafStore,
    private readonly inventory: Inventory,
    private readonly platforms: Platforms,
    private readonly clock: Clock,
  ) {}

  /** Changes with each listing that says something new; null before the first. */
  get version(): number | null {
    return this.listings === 0 ? null : this.listings;
  }

  list(): readonly sync.Orphan[] {
    return this.found;
  }

  has(id: string): boolean {
    return this.found.some(({ spaceId }) => spaceId === id);
  }

  /** Looks through all backends. Answers whether the list has changed; throws when one of them does not answer. */
  async refresh(signal: AbortSignal): Promise<boolean> {
    // Before the first listing every object would look like an orphan.
    if ((await this.store.position()) === null) return false;
    const before = this.inventory.listedIds();
    const marked = await Promise.all(this.platforms.all.map((driver) => this.marked(driver, signal)));
    const after = this.inventory.listedIds();
    const nameless = marked.flat().filter(([, { space }]) => !before.has(space) && !after.has(space));
    const orphans = await Promise.all([...bySpace(nameless)].slice(0, MOST).map((group) => this.orphan(...group)));
    const text = JSON.stringify(orphans.map(({ spaceId, platform }) => [spaceId, platform]).sort());
    if (this.version !== null && text === this.text) return false;
    this.text = text;
    this.found = orphans;
    this.listings++;
    return true;
  }

  private async marked(driver: Driver, signal: AbortSignal): Promise<(readonly [Driver, MarkedObject])[]> {
    const objects = await within(this.clock, LIST_MS, signal, (limited) => driver.list(limited));
    return objects.map((object) => [driver, object] as const);
  }

  private async orphan(
    space: string,
    { driver, objects }: { readonly driver: Driver; readonly objects: readonly MarkedObject[] },
  ): Promise<sync.Orphan> {
    const kept = await this.store.object('space', space);
    const shown = objects.find(({ kind }) => kind === 'workload') ?? objects[0];
    const created = objects.map(({ createdAt }) => createdAt).filter((at) => at > 0);
    return create(sync.OrphanSchema, {
      spaceId: space,
      platform: driver.platform,
      owner: shown?.owner ?? '',
      name: shown?.name ?? '',
      createdAt: BigInt(Math.round(created.length > 0 ? Math.min(...created) : 0)),
      ...(kept && { lastKnown: fromBinary(sync.SpaceSchema, kept.bytes) }),
    });
  }
}

type Group = { readonly driver: Driver; readonly objects: MarkedObject[] };

function bySpace(marked: readonly (readonly [Driver, MarkedObject])[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const [driver, object] of marked) {
    const group = groups.get(object.space) ?? { driver, objects: [] };
    group.objects.push(object);
    groups.set(object.space, group);
  }
  return groups;
}
