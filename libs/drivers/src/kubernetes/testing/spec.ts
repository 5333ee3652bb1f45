import type { WorkloadSpec } from '../../driver.js';

export const SPACE = '0198c0de-1111-7222-8333-444455556666';

export function specOf(job: string, more: Partial<WorkloadSpec> = {}): WorkloadSpec {
  return {
    mark: { installation: 'installation-1', location: '~ann/laptop', space: SPACE },
    display: { space: 'web', owner: 'ann' },
    job,
    volumes: '',
    hash: '',
    policy: { drivers: [], hostVolumes: [], exceptions: [] },
    ...more,
  };
}

export const POD = `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - { name: main, image: busybox }
`;

/** The pod with further lines of its spec. */
export function podWith(lines: string): string {
  return POD.replace('spec:\n', `spec:\n${lines}\n`);
}
