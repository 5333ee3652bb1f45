import { api, told } from '../api/client.js';
import type { LocationDetail } from '../api/schemas.js';
import { versionHeader } from './version-header.js';

export function approveInstance(name: string, instance: string) {
  return told(
    api.POST('/api/v1/locations/{name}/instances/{instance}/approve', { params: { path: { name, instance } } }),
  );
}

export function revokeInstance(name: string, instance: string) {
  return told(
    api.POST('/api/v1/locations/{name}/instances/{instance}/revoke', { params: { path: { name, instance } } }),
  );
}

export function adoptOrphan(name: string, spaceId: string, body: { owner?: string; name?: string }) {
  return told(
    api.POST('/api/v1/locations/{name}/orphans/{spaceId}/adopt', { params: { path: { name, spaceId } }, body }),
  );
}

export function removeOrphan(name: string, spaceId: string, confirm: string) {
  return told(
    api.POST('/api/v1/locations/{name}/orphans/{spaceId}/remove', {
      params: { path: { name, spaceId } },
      body: { confirm },
    }),
  );
}

export function makeLocationToken(name: string) {
  return told(api.POST('/api/v1/locations/{name}/token', { params: { path: { name } } }));
}

export function forgetLocation(name: string, confirm: string) {
  return told(api.POST('/api/v1/locations/{name}/force-forget', { params: { path: { name } }, body: { confirm } }));
}

/** What templates may ask for there, who opens web ports, and whose word its leaf heeds. */
export function setLocationPolicy({ name, version }: LocationDetail, body: LocationDetail['policy']) {
  return told(
    api.PUT('/api/v1/locations/{name}/policy', {
      params: { path: { name }, header: versionHeader(version) },
      body,
    }),
  );
}
