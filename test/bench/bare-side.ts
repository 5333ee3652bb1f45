import { randomUUID } from 'node:crypto';
import { mockJob } from '../e2e/jobs.js';
import { eventually } from '../tools/eventually.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { Caller } from './caller.js';
import { inParallel } from './in-parallel.js';
import type { Side, Startable } from './side.js';

/**
 * The peer: `register` of jobs that were parsed before, with the same EnforceIndex and meta of the same size as knot
 * writes, and nothing else. It keeps no wish, remembers nothing and looks at nothing.
 */
export async function createBareSide(nomad: NomadClient): Promise<Side> {
  const { addr, token, namespace } = nomad.access;
  const caller = new Caller(addr, { 'X-Nomad-Token': token });
  const parsed = await nomad.request<object>('POST', '/v1/jobs/parse', { JobHCL: mockJob(), Canonicalize: true });

  const startable = (): Startable => {
    const space = randomUUID();
    const job = `knot-${space}`;
    const mark = { knot_installation: randomUUID(), knot_location: 'lon', knot_space: space };
    const Meta = { ...mark, knot_owner: 'ada', knot_name: job.slice(0, 13) };
    const body = {
      Job: { ...parsed, ID: job, Namespace: namespace, Meta },
      EnforceIndex: true,
      JobModifyIndex: 0,
    };
    return { job, start: () => caller.json<void>('POST', `/v1/jobs?namespace=${namespace}`, body) };
  };

  return {
    name: 'bare',
    prepare: (count) => Promise.resolve(Array.from({ length: count }, startable)),
    async clear() {
      const jobs = await nomad.jobs();
      await inParallel(8, jobs, ({ ID }) => caller.json('DELETE', `/v1/job/${ID}?purge=true&namespace=${namespace}`));
      await nothingRuns(nomad);
    },
  };
}

/** Until no allocation of the namespace is alive; then what is over is collected, so that Nomad does not grow. */
export async function nothingRuns(nomad: NomadClient): Promise<void> {
  await eventually(
    () => nomad.request<{ ClientStatus: string }[]>('GET', '/v1/allocations'),
    (all) => all.every(({ ClientStatus }) => !['running', 'pending'].includes(ClientStatus)),
    { timeout: 180_000, interval: 1_000, what: `nothing to run in ${nomad.access.namespace}` },
  );
  await nomad.request('PUT', '/v1/system/gc');
}
