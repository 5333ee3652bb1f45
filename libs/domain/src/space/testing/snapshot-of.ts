import type { SpaceSnapshot } from '../snapshot.js';

/** What a start froze, of a template that says nothing. */
export function snapshotOf(hash: string, restart: SpaceSnapshot['restart'] = 'always'): SpaceSnapshot {
  return {
    hash,
    platform: 'local',
    template: { id: 't', name: 't', version: 1 },
    job: '',
    volumes: '',
    restart,
    exceptions: [],
    data: {
      space: { id: 's', name: 's' },
      template: { id: 't', name: 't' },
      user: { id: 'u', username: 'u', email: '', timezone: 'UTC', service_password: '' },
      server: { url: '', agent_endpoint: '', wildcard_domain: '', location: 'l', timezone: 'UTC' },
      nomad: { dc: '', region: '' },
      var: {},
    },
  };
}
