import { CLOSED_PORTS, may, type AppNaming, type Phase, type Want } from '@knot/domain';
import type { SpaceRow, Store } from '@knot/shared/store';
import { assertMay, found } from '../deeds/check.js';
import type { Call } from '../http/call.js';
import { sharedWithUser } from '../offers/shared-spaces.js';
import { leafNaming } from '../apps/app-domains.js';
import type { LocationState, LocationStates } from '../locations/location-states.js';
import type { Operations } from '../operations/operations.js';
import { spaceDetail, spaceDto, spacePhase, type SpaceParts } from './space-dtos.js';
import type { SpaceDetailDto, SpaceDto, SpacePageDto, SpaceQueryDto } from './space.dto.js';
import type { UpdateCheck } from './update-check.js';

/** A filter by a derived phase looks at this many rows for one page at most. */
const MOST_SCANNED = 2_000;
const SCAN = 200;

export interface SpaceViewsPorts {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly locations: LocationStates;
  readonly updates: UpdateCheck;
  readonly operations: Operations;
  /** How names of apps are made; null where none are. */
  readonly apps: AppNaming | null;
  /** `server.url`. */
  readonly url: string;
}

/** Spaces as people see them. */
export class SpaceViews {
  constructor(private readonly ports: SpaceViewsPorts) {}

  async list(call: Call, query: SpaceQueryDto): Promise<SpacePageDto> {
    if (query.shared) return { items: await this.sharedWith(call, query), next: null };
    const { limit = 50, cursor, location, template, phase, q, sort = 'name' } = query;
    const ownerId = this.ownerOf(call, query.owner);
    const want = phase ? WANTED_IN[phase] : undefined;
    const request = {
      where: { ownerId, location, templateId: template, want },
      search: q,
      sort: sortOf(sort),
    };
    if (!phase) {
      const page = await this.ports.store.page('space', { ...request, limit, after: cursor });
      return { items: await this.describe(page.rows), next: page.next };
    }
    return this.scan(request, phase, limit, cursor);
  }

  async get(call: Call, id: string): Promise<SpaceDetailDto> {
    const row = found(await this.ports.store.get('space', id), 'space');
    assertMay(call, 'space.read', this.ports.clock.now(), row);
    return this.detail(row);
  }

  async detail(row: SpaceRow): Promise<SpaceDetailDto> {
    const [parts] = await this.parts([row]);
    const [wisher, operation] = await Promise.all([
      row.wishedBy === '' ? null : this.ports.store.get('user', row.wishedBy),
      this.ports.operations.latest(row.id),
    ]);
    const { apps } = this.ports;
    return spaceDetail(found(parts ?? null, 'space'), { wishedBy: wisher?.username ?? '', operation, apps });
  }

  async describe(rows: readonly SpaceRow[]): Promise<SpaceDto[]> {
    return (await this.parts(rows)).map(spaceDto);
  }

  /** Few enough to look at each; found by what was accepted. */
  private async sharedWith(call: Call, { location, template, phase, q = '', sort = 'name' }: SpaceQueryDto) {
    const { store } = this.ports;
    const spaces = (await store.getMany('space', await sharedWithUser(store, call.actor.id))).filter(
      (row) =>
        row.sharedWith.includes(call.actor.id) &&
        (location === undefined || row.location === location) &&
        (template === undefined || row.templateId === template) &&
        row.name.toLowerCase().includes(q.toLowerCase()),
    );
    const { field, descending } = sortOf(sort);
    const ordered = [...spaces].sort((a, b) => (a[field] < b[field] ? -1 : 1) * (descending ? -1 : 1));
    const parts = await this.parts(ordered);
    return parts.filter((one) => phase === undefined || spacePhase(one) === phase).map(spaceDto);
  }

  private ownerOf(call: Call, owner: string | undefined): string | undefined {
    const all = may(call.actor, 'space.of-others', this.ports.clock.now()).granted;
    if (!all || owner === 'me') return call.actor.id;
    return owner;
  }

  /** Pages through rows until enough of them are in the phase; the phase is derived, so no store can filter by it. */
  private async scan(
    request: Parameters<typeof this.page>[0],
    phase: Phase,
    limit: number,
    cursor: string | undefined,
  ): Promise<SpacePageDto> {
    const items: SpaceDto[] = [];
    let after = cursor;
    for (let scanned = 0; scanned < MOST_SCANNED;) {
      // no more rows than the page still lacks, so that its cursor stands right behind its last row
      const page = await this.page(request, after, Math.min(SCAN, Math.max(1, limit - items.length)));
      const inPhase = (await this.parts(page.rows)).filter((parts) => spacePhase(parts) === phase);
      items.push(...inPhase.map(spaceDto));
      scanned += page.rows.length;
      if (page.next === null) return { items, next: null };
      after = page.next;
      if (items.length >= limit) break;
    }
    return { items, next: after ?? null };
  }

  private page(
    request: {
      where: Partial<Record<'ownerId' | 'location' | 'templateId' | 'want', string>>;
      search?: string;
      sort: Sort;
    },
    after: string | undefined,
    limit: number,
  ) {
    return this.ports.store.page('space', { ...request, after, limit });
  }

  private async parts(rows: readonly SpaceRow[]): Promise<readonly SpaceParts[]> {
    const { store, locations, updates } = this.ports;
    const [observed, owners, templateRows, states] = await Promise.all([
      store.getMany(
        'spaceObserved',
        rows.map(({ id }) => id),
      ),
      store.getMany('user', distinct(rows.flatMap(({ ownerId, sharedWith }) => [ownerId, ...sharedWith]))),
      store.getMany('template', distinct(rows.map(({ templateId }) => templateId))),
      locations.named(rows.map(({ location }) => location)),
    ]);
    const observedOf = byId(observed);
    const userOf = byId(owners);
    const templates = byId(templateRows);
    const outdated = await updates.of(rows, templates);
    const now = this.ports.clock.now();
    return rows.map((row) => ({
      row,
      observed: observedOf.get(row.id) ?? null,
      owner: userOf.get(row.ownerId) ?? null,
      sharedWith: row.sharedWith.flatMap((id) => userOf.get(id) ?? []),
      template: templates.get(row.templateId) ?? null,
      live: states.get(row.location)?.live ?? false,
      policy: states.get(row.location)?.row.policy.ports ?? CLOSED_PORTS,
      leafApps: leafAppsOf(states.get(row.location), this.ports.url),
      updateAvailable: outdated.has(row.id),
      now,
    }));
  }
}

function leafAppsOf(state: LocationState | undefined, originUrl: string): AppNaming | null {
  return state?.status ? leafNaming(state.status.facts, originUrl) : null;
}

type Sort = { readonly field: 'name' | 'createdAt' | 'location'; readonly descending: boolean };

/** The one wish that a phase can come of; undefined where there are several. */
const WANTED_IN: Record<Phase, Want | undefined> = {
  // by a person, or by a schedule
  Stopped: undefined,
  Stopping: undefined,
  Queued: 'running',
  Provisioning: 'running',
  Starting: 'running',
  Running: 'running',
  Failed: 'running',
  Deleting: 'deleted',
  Unknown: undefined,
};

function sortOf(sort: NonNullable<SpaceQueryDto['sort']>): Sort {
  const descending = sort.startsWith('-');
  switch (sort) {
    case 'name':
    case '-name':
      return { field: 'name', descending };
    case 'createdAt':
    case '-createdAt':
      return { field: 'createdAt', descending };
    case 'location':
    case '-location':
      return { field: 'location', descending };
  }
}

function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}

function byId<T extends { readonly id: string }>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
