import { KnotError } from '@knot/shared/errors';
import { volumeBackendName, type VolumeRef } from '@knot/domain';
import type { Policy, WorkloadSpec } from '../driver.js';

/**
 * What a job text means to the fake. Any text is a job that runs for ever; lines `fake: <word> <rest>` in it say
 * otherwise:
 *
 *   fake: exits <code> [<ms after its start>]
 *   fake: never-healthy [<why>]     placed, but never well
 *   fake: never-placed [<why>]      accepted, but no node for it
 *   fake: invalid [<why>]           refused by the backend
 *   fake: driver <name>             needs that driver by policy
 *   fake: host-volume <name>        needs that host volume by policy
 *
 * Each line of a volumes text is the name of one volume; `fake: ` lines and comments (#) are none.
 */
export interface FakeJob {
  readonly exits: { readonly code: number; readonly afterMs: number } | null;
  readonly neverHealthy: string | null;
  readonly neverPlaced: string | null;
}

const DIRECTIVE = /^\s*(?:#\s*)?fake:\s*([a-z-]+)\s*(.*)$/;

export function parseFakeJob(spec: WorkloadSpec): FakeJob {
  let job: FakeJob = { exits: null, neverHealthy: null, neverPlaced: null };
  for (const line of spec.job.split('\n')) {
    const [, word, rest = ''] = DIRECTIVE.exec(line) ?? [];
    if (word !== undefined) job = understand(job, word, rest.trim(), spec.policy);
  }
  return job;
}

function understand(job: FakeJob, word: string, rest: string, policy: Policy): FakeJob {
  switch (word) {
    case 'exits': {
      const [code = '0', after = '0'] = rest.split(/\s+/);
      return { ...job, exits: { code: Number(code), afterMs: Number(after) } };
    }
    case 'never-healthy':
      return { ...job, neverHealthy: rest || 'it does not answer' };
    case 'never-placed':
      return { ...job, neverPlaced: rest || 'no node is feasible' };
    case 'invalid':
      throw new KnotError('backend.invalid', rest || 'The job is not valid.', 'Mend the template.');
    case 'driver':
      if (!policy.drivers.includes(rest)) requireException(policy, `driver:${rest}`);
      return job;
    case 'host-volume':
      if (!policy.hostVolumes.includes(rest)) requireException(policy, `host-volume:${rest}`);
      return job;
    default:
      throw new KnotError('backend.invalid', `The fake does not know "fake: ${word}".`);
  }
}

function requireException(policy: Policy, exception: string): void {
  if (policy.exceptions.includes(exception)) return;
  throw new KnotError(
    'template.policy',
    `The template asks for ${exception}, which this location does not allow.`,
    'Ask an administrator to approve it for this version of the template.',
    { exception },
  );
}

/** The volumes of a spec. A name that holds the space's uuid is kept, any other is prefixed. */
export function fakeVolumesOf(spec: WorkloadSpec): readonly VolumeRef[] {
  const { space } = spec.mark;
  return spec.volumes
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#') && !DIRECTIVE.test(line))
    .map((name) => ({ name, backendId: volumeBackendName(space, name) }));
}

/** What is compared to find drift: all that makes a difference to what runs. */
export function contentOf(spec: WorkloadSpec): string {
  return `${spec.job}\n---\n${spec.volumes}`;
}
