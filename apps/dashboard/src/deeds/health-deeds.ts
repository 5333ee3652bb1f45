import { api, done } from '../api/client.js';

/** Lets the API tokens of a database that was put back hold again. */
export function acceptRestore(): Promise<void> {
  return done(api.POST('/api/v1/restore/accept'));
}
