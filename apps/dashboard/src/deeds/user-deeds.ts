import { api, done, told } from '../api/client.js';
import type { User, UserChange, UserCreate } from '../api/schemas.js';
import { versionHeader, type Versioned } from './version-header.js';

export function createUser(body: UserCreate): Promise<User> {
  return told(api.POST('/api/v1/users', { body }));
}

export function changeUser({ id, version }: Versioned, body: UserChange): Promise<User> {
  return told(api.PATCH('/api/v1/users/{id}', { params: { path: { id }, header: versionHeader(version) }, body }));
}

export function deleteUser(id: string, confirm: string): Promise<void> {
  return done(api.DELETE('/api/v1/users/{id}', { params: { path: { id }, query: { confirm } } }));
}
