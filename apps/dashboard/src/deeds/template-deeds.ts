import { api, done, told } from '../api/client.js';
import type { TemplateCreate, TemplateDetail, TemplatePut } from '../api/schemas.js';

export function createTemplate(body: TemplateCreate): Promise<TemplateDetail> {
  return told(api.POST('/api/v1/templates', { body }));
}

/** `version` is what the editor was opened with: a save over somebody else's is refused. */
export function saveTemplate(
  { id, version }: { readonly id: string; readonly version: number },
  body: TemplatePut,
): Promise<TemplateDetail> {
  const params = { path: { id }, header: { 'If-Match': `"${version}"` } };
  return told(api.PUT('/api/v1/templates/{id}', { params, body }));
}

export function deleteTemplate(id: string, confirm: string): Promise<void> {
  return done(api.DELETE('/api/v1/templates/{id}', { params: { path: { id }, query: { confirm } } }));
}

export function tryTemplate(id: string, job: string, volumes: string) {
  return told(api.POST('/api/v1/templates/{id}/render-test', { params: { path: { id } }, body: { job, volumes } }));
}
