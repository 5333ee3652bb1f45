import type { Trouble } from '@knot/domain';
import { isKnotError } from '@knot/shared/errors';
import type { DriverHealth } from '../driver.js';
import type { KubeApi } from './api.js';
import { objectAt, textAt } from './json.js';
import { KINDS } from './kinds.js';

/** Whether the API server answers, knows the account, lets it see the namespace, and has that namespace. */
export async function kubernetesHealth(api: KubeApi, signal: AbortSignal): Promise<DriverHealth> {
  try {
    const version = textAt(await api.get('/version', 'tell its version', signal), 'gitVersion');
    const trouble = (await namespaceTrouble(api, signal)) ?? (await permissionTrouble(api, signal));
    return { ready: trouble === null, trouble, version, facts: {} };
  } catch (error) {
    if (!isKnotError(error)) throw error;
    if (signal.aborted) throw error;
    const reason = isKnotError(error, 'backend.forbidden') ? 'BackendForbidden' : 'BackendUnavailable';
    return {
      ready: false,
      trouble: { reason, message: `${error.message} ${error.hint}`.trim() },
      version: '',
      facts: {},
    };
  }
}

/** A Role may leave out the namespace itself: then the lists tell. */
async function namespaceTrouble(api: KubeApi, signal: AbortSignal): Promise<Trouble | null> {
  try {
    const found = await api.get(`/api/v1/namespaces/${api.namespace}`, 'look at the namespace', signal);
    if (textAt(objectAt(found, 'status'), 'phase') !== 'Terminating') return null;
    return { reason: 'BackendUnavailable', message: `The namespace ${api.namespace} is being deleted.` };
  } catch (error) {
    if (isKnotError(error, 'backend.forbidden')) return null;
    if (!isKnotError(error) || error.details['status'] !== 404) throw error;
    const advice = 'Make it, or name another in server.kubernetes.namespace.';
    return { reason: 'BackendUnavailable', message: `There is no namespace ${api.namespace}. ${advice}` };
  }
}

async function permissionTrouble(api: KubeApi, signal: AbortSignal): Promise<Trouble | null> {
  try {
    await api.get(api.path(KINDS.Pod, '', { limit: '1' }), 'list the pods', signal);
    return null;
  } catch (error) {
    if (!isKnotError(error, 'backend.forbidden')) throw error;
    return { reason: 'BackendForbidden', message: `${error.message} ${error.hint}` };
  }
}
