import { HOME_VOLUME, RAW_JOB } from '../../e2e/jobs.js';
import type { NomadClient } from '../../tools/nomad-client.js';
import type { Site } from './arena.js';

/** Each space is a job of one namespace, with one allocation, and a host volume. */
export function nomadSite(nomad: NomadClient): Site {
  return {
    platform: 'nomad',
    job: RAW_JOB,
    volumes: HOME_VOLUME,
    exceptions: ['driver:raw_exec'],
    live: async ({ id }) => {
      const allocations = await nomad.allocations(`knot-${id}`);
      return allocations.filter(({ ClientStatus }) => ClientStatus === 'running').length;
    },
    hasVolumes: async ({ id }) => (await nomad.hostVolumes()).some(({ Name }) => Name.includes(id)),
  };
}
