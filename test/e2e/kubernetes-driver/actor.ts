import { randomUUID } from 'node:crypto';
import type { Observation, Workload } from '@knot/domain';
import type { Driver, WorkloadSpec } from '@knot/drivers';
import { eventually } from '../../tools/eventually.js';
import { POLICY } from './harness.js';

export type Present = Extract<Workload, { state: 'present' }>;

export const SCOPE = { installation: randomUUID(), location: 'tests' };

/** A spec of a space that nobody has seen yet. */
export function newSpec(job: string, volumes = '', exceptions: readonly string[] = []): WorkloadSpec {
  const mark = { ...SCOPE, space: randomUUID() };
  const policy = { ...POLICY, exceptions };
  return { mark, display: { space: 'a space', owner: 'ann' }, job, volumes, hash: randomUUID(), policy };
}

export function soon(): AbortSignal {
  return AbortSignal.timeout(60_000);
}

export function look(driver: Driver, spec: WorkloadSpec): Promise<Observation> {
  return driver.observe({ mark: spec.mark, volumes: [], spec, verified: '' }, soon());
}

export async function untilPresent(
  driver: Driver,
  spec: WorkloadSpec,
  what: string,
  is: (workload: Present) => boolean,
): Promise<Present> {
  const { workload } = await eventually(
    () => look(driver, spec),
    ({ workload: seen }) => seen.state === 'present' && is(seen),
    { timeout: 90_000, interval: 200, what },
  );
  if (workload.state !== 'present') throw new Error('unreachable');
  return workload;
}

/** Makes it so over whatever is there, and waits until it is healthy. */
export async function bringUp(driver: Driver, spec: WorkloadSpec): Promise<Present> {
  const refs = await driver.volumesOf(spec, soon());
  if (refs.length > 0) await driver.createVolumes(spec, refs, soon());
  const { workload } = await look(driver, spec);
  await driver.apply(spec, workload.state === 'present' ? workload.revision : '', soon());
  return untilPresent(driver, spec, 'healthy', ({ health, drift }) => health === 'healthy' && drift === null);
}
