import { api, done, told } from '../api/client.js';
import type { Group, GroupCreate, Role, RoleCreate } from '../api/schemas.js';
import { versionHeader, type Versioned } from './version-header.js';

export function createGroup(body: GroupCreate): Promise<Group> {
  return told(api.POST('/api/v1/groups', { body }));
}

export function saveGroup({ id, version }: Versioned, body: GroupCreate): Promise<Group> {
  return told(api.PATCH('/api/v1/groups/{id}', { params: { path: { id }, header: versionHeader(version) }, body }));
}

export function deleteGroup(id: string, confirm: string): Promise<void> {
  return done(api.DELETE('/api/v1/groups/{id}', { params: { path: { id }, query: { confirm } } }));
}

export function createRole(body: RoleCreate): Promise<Role> {
  return told(api.POST('/api/v1/roles', { body }));
}

export function saveRole({ id, version }: Versioned, body: RoleCreate): Promise<Role> {
  return told(api.PATCH('/api/v1/roles/{id}', { params: { path: { id }, header: versionHeader(version) }, body }));
}

export function deleteRole(id: string, confirm: string): Promise<void> {
  return done(api.DELETE('/api/v1/roles/{id}', { params: { path: { id }, query: { confirm } } }));
}
