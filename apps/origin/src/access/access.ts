import { PERMISSIONS, TOKEN_SCOPES, actionsOf, mayUseTemplate, type Actor, type HeldPermission } from '@knot/domain';
import type { GroupRow, Store, TemplateRow, UserRow } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import type { Call } from '../http/call.js';
import { sharedWithUser } from '../offers/shared-spaces.js';
import { heldBy } from '../roles/grants.js';
import type { AccessDto, ReachableDto } from './access.dto.js';

/** Of each kind at most so many are listed. */
const MOST = 200;

/** Answers what a person can reach, and why. */
export class Access {
  constructor(
    private readonly store: Store,
    private readonly clock: { now(): number },
  ) {}

  /** Of the one who asks: the deeds are those that the session or token at hand reaches. */
  async mine({ actor }: Call): Promise<AccessDto> {
    return this.of(found(await this.store.get('user', actor.id), 'user'), actor);
  }

  /** Of somebody else, as if just signed in. */
  async ofUser(id: string): Promise<AccessDto> {
    return this.of(found(await this.store.get('user', id), 'user'), null);
  }

  private async sharedSpaces(userId: string): Promise<readonly ReachableDto[]> {
    const { store } = this;
    const spaces = await store.getMany('space', await sharedWithUser(store, userId));
    const owners = await store.getMany('user', [...new Set(spaces.map(({ ownerId }) => ownerId))]);
    const nameOf = new Map(owners.map(({ id, username }) => [id, username]));
    return spaces.map(({ id, name, ownerId }) => {
      const owner = nameOf.get(ownerId) ?? '';
      return { kind: 'space', id, name, owner, why: `${owner} shares it.` };
    });
  }

  private async of(user: UserRow, actor: Actor | null): Promise<AccessDto> {
    const { store } = this;
    const [held, groups, templates, spaces, shared] = await Promise.all([
      heldBy(store, user),
      user.groups.length === 0 ? [] : store.getMany('group', user.groups),
      store.page('template', { sort: { field: 'name' }, limit: MOST }),
      store.page('space', { where: { ownerId: user.id }, sort: { field: 'name' }, limit: MOST }),
      this.sharedSpaces(user.id),
    ]);
    const now = this.clock.now();
    const own = spaces.rows.map(({ id, name }) => ownSpace(id, name, user.username));
    return {
      userId: user.id,
      username: user.username,
      active: user.active,
      permissions: held.map(({ permission, from }) => ({
        name: permission,
        description: PERMISSIONS[permission],
        from: [...from],
      })),
      actions: user.active ? [...actionsOf(actor ?? asSignedIn(user, held, now), now)] : [],
      reachable: [...templates.rows.flatMap((row) => reachableTemplate(row, user, held, groups)), ...own, ...shared],
      everySpace: held.flatMap(everySpaceBy),
      more: templates.next !== null || spaces.next !== null,
    };
  }
}

function asSignedIn(user: UserRow, held: readonly HeldPermission[], now: number): Actor {
  const { id, username, role, groups } = user;
  const permissions = held.map(({ permission }) => permission);
  return { id, username, role, groups, permissions, via: 'session', scopes: TOKEN_SCOPES, provedAt: now };
}

function ownSpace(id: string, name: string, owner: string): ReachableDto {
  return { kind: 'space', id, name, owner, why: `${owner} owns it.` };
}

function reachableTemplate(
  { id, name, groups }: TemplateRow,
  user: UserRow,
  held: readonly HeldPermission[],
  rows: readonly GroupRow[],
): readonly ReachableDto[] {
  const template = { kind: 'template' as const, id, name, owner: '' };
  if (groups.length === 0) return [{ ...template, why: 'It is open to everybody.' }];
  if (mayUseTemplate(user.groups, { groups })) {
    const names = rows.filter((row) => groups.includes(row.id)).map((row) => row.name);
    return [{ ...template, why: `It is open to the group ${names.join(' and ')}.` }];
  }
  const by = held.find(({ permission }) => permission === 'templates.see' || permission === 'templates.manage');
  if (!by) return [];
  return [{ ...template, why: `May see it, not use it: ${by.permission} by the role ${by.from.join(' and ')}.` }];
}

function everySpaceBy({ permission, from }: HeldPermission): readonly string[] {
  const roles = from.join(' and ');
  if (permission === 'spaces.see') return [`May see the spaces of everybody by the role ${roles}.`];
  if (permission === 'spaces.manage') return [`May act on the spaces of everybody by the role ${roles}.`];
  return [];
}
