import type { PortShare, Wish } from '@knot/domain';
import { api, done, told } from '../api/client.js';
import type { Operation, SpaceDetail } from '../api/schemas.js';

/** Deeds that need no confirmation. */
export type PlainWish = Exclude<Wish, 'delete'>;

export function wishSpace(id: string, wish: PlainWish): Promise<Operation> {
  const params = { params: { path: { id } } };
  switch (wish) {
    case 'start':
      return told(api.POST('/api/v1/spaces/{id}/start', params));
    case 'stop':
      return told(api.POST('/api/v1/spaces/{id}/stop', params));
    case 'restart':
      return told(api.POST('/api/v1/spaces/{id}/restart', params));
    case 'update':
      return told(api.POST('/api/v1/spaces/{id}/update', params));
  }
}

export interface SpaceWanted {
  readonly name: string;
  readonly templateId: string;
  /** '' lets the server choose. */
  readonly location: string;
  readonly description: string;
  /** '' as its image says. */
  readonly shell: string;
}

export function createSpace({ name, templateId, location, description, shell }: SpaceWanted): Promise<SpaceDetail> {
  const body = { name, templateId, description, shell, ...(location === '' ? {} : { location }) };
  return told(api.POST('/api/v1/spaces', { body }));
}

export function deleteSpace(id: string, confirm: string): Promise<Operation> {
  return told(api.DELETE('/api/v1/spaces/{id}', { params: { path: { id }, query: { confirm } } }));
}

/** Lets it run so much longer than its schedule says. */
export function extendSpace(id: string, minutes: number): Promise<Operation> {
  return told(api.POST('/api/v1/spaces/{id}/extend', { params: { path: { id } }, body: { minutes } }));
}

/** For terminals that are opened from then on; '' as its image says. */
export function changeShell(id: string, shell: string): Promise<SpaceDetail> {
  return told(api.PATCH('/api/v1/spaces/{id}', { params: { path: { id } }, body: { shell } }));
}

/** Says who opens a web port beside those who may enter the space; undefined: as its template and its location say. */
export function sharePort(id: string, port: number, share: PortShare | undefined): Promise<SpaceDetail> {
  return told(api.PUT('/api/v1/spaces/{id}/port-shares/{port}', { params: { path: { id, port } }, body: { share } }));
}

/** Its shell is told to hang up. */
export function endTerminal(id: string, terminal: string): Promise<void> {
  return done(api.DELETE('/api/v1/spaces/{id}/terminals/{terminal}', { params: { path: { id, terminal } } }));
}
