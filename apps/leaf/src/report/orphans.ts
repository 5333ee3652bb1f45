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
  private readonly seen = new Set<string>();
  private held: ReadonlySet<string> = new Set();
  private text = '';
  /** Why the last listing lacks a backend; null when it lacks none. */
  silence: unknown = null;
  private listings = 0;

  constructor(
    private readonly store: LeafStore,
    private readonly inventory: Inventory,
    private readonly drivers: Pick<Platforms, 'all'>,
    private readonly clock: Clock,
  ) {}

  /** Changes with each listing that says something new; null before the first. */
  get version(): number | null {
    return this.listings === 0 ? null : this.listings;
  }

  /** The platforms that have ever been looked through. */
  get platforms(): ReadonlySet<string> {
    return this.seen;
  }

  list(): readonly sync.Orphan[] {
    return this.found;
  }

  has(id: string): boolean {
    return this.found.some(({ spaceId }) => spaceId === id);
  }

  /** Whether a backend may hold something of this space, named by a row or not: it did when all were last listed, or they were not. */
  mayHold(id: string): boolean {
    return this.version === null || this.silence !== null || this.held.has(id);
  }

  /**
   * Looks through all backends; of one that does not answer, what it last told stays. Answers whether the list has
   * changed; `silence` says whether to look again soon.
   */
  async refresh(signal: AbortSignal): Promise<boolean> {
    // Before the first listing every object would look like an orphan.
    if ((await this.store.position()) === null) return false;
    const before = this.inventory.listedIds();
    const looks = await Promise.allSettled(this.drivers.all.map((driver) => this.marked(driver, signal)));
    this.silence = looks.find((look) => look.status === 'rejected')?.reason ?? null;
    const marked = looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []));
    // Nothing to tell yet: to the origin a list of no platform would be one of all.
    if (marked.length === 0 && this.silence !== null && this.seen.size === 0) return false;
    this.held = new Set(marked.flat().map(([, { space }]) => space));
    const silent = new Set<string>();
    for (const [at, { platform }] of this.drivers.all.entries()) {
      if (looks[at]?.status === 'fulfilled') this.seen.add(platform);
      else silent.add(platform);
    }
    const after = this.inventory.listedIds();
    const nameless = marked.flat().filter(([, { space }]) => !before.has(space) && !after.has(space));
    const kept = this.found.filter(({ platform, spaceId }) => silent.has(platform) && !after.has(spaceId));
    const found = await Promise.all([...bySpace(nameless)].slice(0, MOST).map((group) => this.orphan(...group)));
    const orphans = [...kept, ...found].slice(0, MOST);
    const named = orphans.map(({ spaceId, platform }) => [spaceId, platform]).sort();
    const text = JSON.stringify([[...this.seen].sort(), named]);
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
