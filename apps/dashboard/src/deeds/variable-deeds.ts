import { api, done, told } from '../api/client.js';
import type { Variable, VariableCreate, VariablePut } from '../api/schemas.js';
import { versionHeader, type Versioned } from './version-header.js';

export function createVariable(body: VariableCreate): Promise<Variable> {
  return told(api.POST('/api/v1/variables', { body }));
}

export function saveVariable({ id, version }: Versioned, body: VariablePut): Promise<Variable> {
  return told(api.PUT('/api/v1/variables/{id}', { params: { path: { id }, header: versionHeader(version) }, body }));
}

export function deleteVariable(id: string): Promise<void> {
  return done(api.DELETE('/api/v1/variables/{id}', { params: { path: { id } } }));
}
