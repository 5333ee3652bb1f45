import { api, told } from '../api/client.js';
import type { Operation, Volume, VolumeChange, VolumeCreate } from '../api/schemas.js';
import { versionHeader, type Versioned } from './version-header.js';

export function createVolume(body: VolumeCreate): Promise<Volume> {
  return told(api.POST('/api/v1/volumes', { body }));
}

export function changeVolume({ id, version }: Versioned, body: VolumeChange): Promise<Volume> {
  return told(api.PATCH('/api/v1/volumes/{id}', { params: { path: { id }, header: versionHeader(version) }, body }));
}

export function deleteVolume(id: string, confirm: string): Promise<Operation> {
  return told(api.DELETE('/api/v1/volumes/{id}', { params: { path: { id }, query: { confirm } } }));
}
