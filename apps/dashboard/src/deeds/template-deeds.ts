import { api, done, told } from '../api/client.js';
import type { TemplateCreate, TemplateDetail, TemplatePut } from '../api/schemas.js';
import { versionHeader } from './version-header.js';

export function createTemplate(body: TemplateCreate): Promise<TemplateDetail> {
  return told(api.POST('/api/v1/templates', { body }));
}

/** `version` is what the editor was opened with: a save over somebody else's is refused. */
export function saveTemplate(
  { id, version }: { readonly id: string; readonly version: number },
  body: TemplatePut,
): Promise<TemplateDetail> {
  const params = { path: { id }, header: versionHeader(version) };
  return told(api.PUT('/api/v1/templates/{id}', { params, body }));
}

export function deleteTemplate(id: string, confirm: string): Promise<void> {
  return done(api.DELETE('/api/v1/templates/{id}', { params: { path: { id }, query: { confirm } } }));
}

export interface Trial {
  readonly job: string;
  readonly volumes: string;
  /** '' is who asks. */
  readonly userId: string;
  /** '' is the server's own. */
  readonly location: string;
}

/** Renders texts in place of the saved ones. */
export function tryTemplate(id: string, { job, volumes, userId, location }: Trial) {
  const body = { job, volumes, ...(userId && { userId }), ...(location && { location }) };
  return told(api.POST('/api/v1/templates/{id}/render-test', { params: { path: { id } }, body }));
}

export function rollBack(id: string, number: number, note: string): Promise<TemplateDetail> {
  const body = { number, ...(note && { note }) };
  return told(api.POST('/api/v1/templates/{id}/roll-back', { params: { path: { id } }, body }));
}

export function approveVersion(id: string, number: number) {
  return told(api.POST('/api/v1/templates/{id}/versions/{number}/approve', { params: { path: { id, number } } }));
}
