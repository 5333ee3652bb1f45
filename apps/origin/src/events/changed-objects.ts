import { may, maySeeTemplate } from '@knot/domain';
import type { Kind, LogEntry, Store } from '@knot/shared/store';
import type { Call } from '../http/call.js';
import type { Groups } from '../groups/groups.js';
import type { LocationViews } from '../locations/location-views.js';
import type { OfferViews } from '../offers/offer-views.js';
import type { RollOutViews } from '../roll-outs/roll-out-views.js';
import type { Roles } from '../roles/roles.js';
import type { SpaceViews } from '../spaces/space-views.js';
import { templateDto } from '../templates/template-dtos.js';
import type { Users } from '../users/users.js';
import type { Variables } from '../variables/variables.js';
import type { Volumes } from '../volumes/volumes.js';
import { isKnotError } from '@knot/shared/errors';

export type ShownKind =
  'space' | 'location' | 'template' | 'variable' | 'volume' | 'user' | 'group' | 'role' | 'offer' | 'roll-out';

/** One message of the event stream. */
export type Shown =
  | { readonly kind: ShownKind; readonly id: string; readonly op: 'put'; readonly object: unknown }
  | { readonly kind: ShownKind; readonly id: string; readonly op: 'delete' };

/** Which object on a screen a row belongs to. */
const SHOWN_AS: Partial<Record<Kind, ShownKind>> = {
  space: 'space',
  spaceObserved: 'space',
  location: 'location',
  locationStatus: 'location',
  lease: 'location',
  orphan: 'location',
  template: 'template',
  variable: 'variable',
  volume: 'volume',
  volumeObserved: 'volume',
  user: 'user',
  group: 'group',
  role: 'role',
  offer: 'offer',
  rollOut: 'roll-out',
};

export interface ChangedObjectsPorts {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly spaces: SpaceViews;
  readonly locations: LocationViews;
  readonly users: Users;
  readonly groups: Groups;
  readonly roles: Roles;
  readonly variables: Variables;
  readonly volumes: Volumes;
  readonly offers: OfferViews;
  readonly rollOuts: RollOutViews;
}

/** Reads what log entries name as the viewer may see it, each object once and as it is now. */
export class ChangedObjects {
  constructor(private readonly ports: ChangedObjectsPorts) {}

  async read(call: Call, entries: readonly LogEntry[]): Promise<readonly Shown[]> {
    const ids = new Map<ShownKind, Set<string>>();
    for (const entry of entries) {
      const kind = SHOWN_AS[entry.kind];
      if (kind) ids.set(kind, (ids.get(kind) ?? new Set()).add(entry.id));
    }
    const shown: Shown[] = [];
    for (const [kind, changed] of ids) shown.push(...(await this.ofKind(call, kind, [...changed])));
    return [...shown, ...(await this.lost(call, entries))];
  }

  private async ofKind(call: Call, kind: ShownKind, ids: readonly string[]): Promise<readonly Shown[]> {
    const { locations, users, groups, roles, variables, volumes, offers, rollOuts } = this.ports;
    switch (kind) {
      case 'space':
        return this.spaces(call, ids);
      case 'template':
        return this.templates(call, ids);
      case 'location':
        return each(kind, ids, (id) => locations.one(id));
      case 'user':
        return this.sees(call, 'user.read') ? each(kind, ids, (id) => orNull(users.get(id))) : [];
      case 'group':
        return this.sees(call, 'group.read') ? each(kind, ids, (id) => orNull(groups.get(id))) : [];
      case 'role':
        return this.sees(call, 'role.read') ? each(kind, ids, (id) => orNull(roles.get(id))) : [];
      case 'variable':
        return this.sees(call, 'variable.read') ? each(kind, ids, (id) => orNull(variables.get(id))) : [];
      case 'offer':
        return each(kind, ids, (id) => offers.one(call, id));
      case 'roll-out':
        return this.sees(call, 'template.behind') ? each(kind, ids, (id) => orNull(rollOuts.get(id))) : [];
      case 'volume':
        return this.sees(call, 'volume.read') ? each(kind, ids, (id) => orNull(volumes.get(id))) : [];
    }
  }

  /** A space that is gone is told by its id alone: whose it was nobody knows any more, and the id says nothing. */
  private async spaces(call: Call, ids: readonly string[]): Promise<readonly Shown[]> {
    const rows = await this.ports.store.getMany('space', ids);
    const now = this.ports.clock.now();
    const mine = rows.filter((row) => may(call.actor, 'space.read', now, row).granted);
    const objects = await this.ports.spaces.describe(mine);
    const there = new Set(rows.map(({ id }) => id));
    return [
      ...objects.map((object) => ({ kind: 'space' as const, id: object.id, op: 'put' as const, object })),
      ...ids.filter((id) => !there.has(id)).map((id) => ({ kind: 'space' as const, id, op: 'delete' as const })),
    ];
  }

  /** A space that is there and has been taken from somebody is told as gone to whoever sees it no more. */
  private async lost(call: Call, entries: readonly LogEntry[]): Promise<readonly Shown[]> {
    const ids = new Set(entries.filter(({ kind, op }) => kind === 'space' && op === 'delete').map(({ id }) => id));
    if (ids.size === 0) return [];
    const rows = await this.ports.store.getMany('space', [...ids]);
    const now = this.ports.clock.now();
    return rows
      .filter((row) => !may(call.actor, 'space.read', now, row).granted)
      .map(({ id }) => ({ kind: 'space', id, op: 'delete' }));
  }

  /** One that is not open to the viewer, or no more, is told as gone. */
  private async templates(call: Call, ids: readonly string[]): Promise<readonly Shown[]> {
    const { store } = this.ports;
    return each('template', ids, async (id) => {
      const row = await store.get('template', id);
      if (!row || !maySeeTemplate(call.actor, row)) return null;
      return templateDto(row, await store.count('space', { templateId: id }));
    });
  }

  private sees(
    call: Call,
    action: 'user.read' | 'group.read' | 'role.read' | 'variable.read' | 'volume.read' | 'template.behind',
  ): boolean {
    return may(call.actor, action, this.ports.clock.now()).granted;
  }
}

async function each(
  kind: ShownKind,
  ids: readonly string[],
  read: (id: string) => Promise<object | null>,
): Promise<readonly Shown[]> {
  return Promise.all(
    ids.map(async (id): Promise<Shown> => {
      const object = await read(id);
      return object ? { kind, id, op: 'put', object } : { kind, id, op: 'delete' };
    }),
  );
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (isKnotError(error, 'resource.not_found')) return null;
    throw error;
  }
}
