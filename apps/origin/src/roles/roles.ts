import { ALL_PERMISSIONS, PERMISSIONS, USER_ROLE } from '@knot/domain';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { NewRow, RoleRow, Store } from '@knot/shared/store';
import { assertConfirmed, assertVersion, found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import { claim, move, release, roleName } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import { countByUsers } from '../users/each-user.js';
import { assertMayGive } from './grants.js';
import type {
  PermissionListDto,
  RoleChangeDto,
  RoleCreateDto,
  RoleDto,
  RolePageDto,
  RoleQueryDto,
} from './role.dto.js';

export interface RolesPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** Roles: each allows its permissions to those who have it. */
export class Roles {
  constructor(private readonly ports: RolesPorts) {}

  permissions(): PermissionListDto {
    return { items: ALL_PERMISSIONS.map((name) => ({ name, description: PERMISSIONS[name] })) };
  }

  async list({ limit = 50, cursor, q }: RoleQueryDto): Promise<RolePageDto> {
    const { store } = this.ports;
    const sort = { field: 'name' } as const;
    const { rows, next } = await store.page('role', { search: q, sort, limit, after: cursor });
    const members = await countByUsers(store, 'roles');
    const items = rows.map((row) => roleDto(row, members.get(row.id) ?? 0));
    const first = cursor === undefined && USER_ROLE.name.toLowerCase().includes((q ?? '').toLowerCase());
    return { items: first ? [userRole(members.get(USER_ROLE.id) ?? 0), ...items] : items, next };
  }

  async get(id: string): Promise<RoleDto> {
    const members = (await countByUsers(this.ports.store, 'roles')).get(id) ?? 0;
    if (id === USER_ROLE.id) return userRole(members);
    return roleDto(found(await this.ports.store.get('role', id), 'role'), members);
  }

  async create(call: Call, { name, description = '', permissions }: RoleCreateDto): Promise<RoleDto> {
    const { deeds, newId, clock } = this.ports;
    assertMayGive(call.actor, permissions, 'This role');
    return deeds.do(doerOf(call), async () => {
      const id = newId();
      const row: NewRow<'role'> = { id, name, description, permissions: sorted(permissions), createdAt: clock.now() };
      return {
        expect: [{ kind: 'role', id, version: 0 }],
        unique: [claim(roleName(row), id)],
        writes: [{ put: 'role', row }],
        log: [{ stream: 'events', kind: 'role', id, op: 'put' }],
        audit: {
          action: 'role.create',
          subjectKind: 'role',
          subjectId: id,
          details: { name, permissions: row.permissions },
        },
        answer: roleDto({ ...row, version: 1 }, 0),
        taken: `A role ${name} exists already.`,
      };
    });
  }

  async change(call: Call, id: string, body: RoleChangeDto): Promise<RoleDto> {
    const { store, deeds } = this.ports;
    assertNotBuiltIn(id);
    await deeds.do(doerOf(call), async () => {
      const { version, ...row } = found(await store.get('role', id), 'role');
      assertVersion(call, { version });
      const permissions = sorted(body.permissions ?? row.permissions);
      // what is given, and what is taken away
      const differing = [
        ...permissions.filter((one) => !row.permissions.includes(one)),
        ...row.permissions.filter((one) => !permissions.includes(one)),
      ];
      assertMayGive(call.actor, differing, 'This change');
      const next = {
        ...row,
        name: body.name ?? row.name,
        description: body.description ?? row.description,
        permissions,
      };
      return {
        expect: [{ kind: 'role', id, version }],
        unique: move(roleName(row), roleName(next), id),
        writes: [{ put: 'role', row: next }],
        log: [{ stream: 'events', kind: 'role', id, op: 'put' }],
        audit: {
          action: 'role.change',
          subjectKind: 'role',
          subjectId: id,
          details: { name: next.name, before: row.permissions, after: permissions },
        },
        answer: null,
        taken: `A role ${next.name} exists already.`,
      };
    });
    return this.get(id);
  }

  async delete(call: Call, id: string, confirm: string | undefined): Promise<void> {
    const { store, deeds } = this.ports;
    assertNotBuiltIn(id);
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('role', id), 'role');
      assertVersion(call, row);
      assertMayGive(call.actor, row.permissions, 'Deleting this role');
      assertConfirmed(confirm, row.name, `This deletes the role ${row.name}.`);
      const { members } = await this.get(id);
      if (members > 0) {
        const message = `${members} users have the role ${row.name}.`;
        throw new KnotError('resource.in_use', message, 'Take it from them first.', { members });
      }
      return {
        expect: [{ kind: 'role', id, version: row.version }],
        unique: [release(roleName(row), id)],
        writes: [{ delete: 'role', id }],
        log: [{ stream: 'events', kind: 'role', id, op: 'delete' }],
        audit: { action: 'role.delete', subjectKind: 'role', subjectId: id, details: { name: row.name } },
        answer: undefined,
      };
    });
  }
}

function assertNotBuiltIn(id: string): void {
  if (id !== USER_ROLE.id) return;
  throw new KnotError('state.refused', 'The role User is always there as it is.', 'Make a role of your own.');
}

function sorted(permissions: readonly string[]): string[] {
  return [...permissions].sort();
}

function userRole(members: number): RoleDto {
  const { id, name, permissions } = USER_ROLE;
  const description = 'What everybody may who uses spaces.';
  return {
    id,
    name,
    description,
    permissions: [...permissions],
    builtIn: true,
    members,
    createdAt: 0,
    version: 1,
  };
}

/** A permission that this program does not know is left out: it allows nothing here. */
function roleDto(row: RoleRow, members: number): RoleDto {
  const { id, name, description, createdAt, version } = row;
  const permissions = ALL_PERMISSIONS.filter((one) => row.permissions.includes(one));
  return { id, name, description, permissions, builtIn: false, members, createdAt, version };
}
