import { api, done, told } from '../api/client.js';
import type { User, UserChange, UserCreate } from '../api/schemas.js';
import { versionHeader, type Versioned } from './version-header.js';

export function createUser(body: UserCreate): Promise<User> {
  return told(api.POST('/api/v1/users', { body }));
}

export function changeUser({ id, version }: Versioned, body: UserChange): Promise<User> {
  return told(api.PATCH('/api/v1/users/{id}', { params: { path: { id }, header: versionHeader(version) }, body }));
}

/** `withSpaces`: their spaces go first, with all volumes. */
export function deleteUser(id: string, confirm: string, withSpaces: boolean): Promise<void> {
  const query = { confirm, ...(withSpaces && { spaces: 'delete' as const }) };
  return done(api.DELETE('/api/v1/users/{id}', { params: { path: { id }, query } }));
}
