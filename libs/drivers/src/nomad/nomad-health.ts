import type { Trouble } from '@knot/domain';
import { isKnotError, toKnotError } from '@knot/shared/errors';
import type { DriverHealth } from '../driver.js';
import { asObject, objectAt, textAt } from './json.js';
import type { NomadCapacity } from './nomad-capacity.js';
import type { NomadClient } from './nomad-client.js';

/**
 * Whether jobs can be listed with this token, and what Nomad says of itself. A token without `agent:read` hides the
 * latter, which is no trouble.
 */
export async function nomadHealth(
  client: NomadClient,
  nodes: NomadCapacity,
  region: string,
  signal: AbortSignal,
): Promise<DriverHealth> {
  try {
    const [, self, capacity] = await Promise.all([
      client.get('jobs', 'list the jobs', signal, { prefix: 'knot-', per_page: '1' }),
      agentOf(client, signal),
      nodes.of(signal),
    ]);
    const config = objectAt(asObject(self), 'config');
    const facts = {
      'nomad.dc': textAt(config, 'Datacenter'),
      'nomad.region': region || textAt(config, 'Region') || 'global',
    };
    const version = textAt(objectAt(config, 'Version'), 'Version') || 'unknown';
    return { ready: true, trouble: null, version, facts, capacity };
  } catch (error) {
    return { ready: false, trouble: troubleOf(error), version: '', facts: {} };
  }
}

async function agentOf(client: NomadClient, signal: AbortSignal): Promise<unknown> {
  try {
    return await client.get('agent/self', 'look at the agent', signal);
  } catch (error) {
    if (isKnotError(error, 'backend.forbidden')) return null;
    throw error;
  }
}

function troubleOf(error: unknown): Trouble {
  const { message, hint, code } = toKnotError(error);
  const sentence = hint === '' ? message : `${message} ${hint}`;
  if (code === 'backend.forbidden') return { reason: 'BackendForbidden', message: sentence };
  return { reason: code === 'backend.invalid' ? 'BackendRefused' : 'BackendUnavailable', message: sentence };
}
