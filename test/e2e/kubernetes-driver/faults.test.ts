import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isKnotError, type KnotError } from '@knot/shared/errors';
import type { Workload } from '@knot/domain';
import type { Driver } from '@knot/drivers';
import { eventually } from '../../tools/eventually.js';
import type { KubeClient } from '../../tools/kube-client.js';
import { startKubeFaultProxy, type KubeFaultProxy } from '../../tools/kube-fault-proxy.js';
import { kubeconfig } from '../../tools/kubernetes.js';
import { freshFolder } from '../../tools/processes.js';
import { freshNamespace, sharedKubernetes } from '../../tools/shared-kubernetes.js';
import { bringUp, look, newSpec, SCOPE, soon } from './actor.js';
import { driverFor, kubeconfigFile, runningPods } from './harness.js';
import { deployment } from './manifests.js';

let kube: KubeClient;
let proxy: KubeFaultProxy;
let driver: Driver;

beforeAll(async () => {
  kube = await freshNamespace(await sharedKubernetes());
  proxy = await startKubeFaultProxy(kube.access);
  driver = driverFor(kube, SCOPE, { kubeconfig: kubeconfigFile({ ...kube.access, server: proxy.url }) });
});
beforeEach(() => proxy.meet(() => null));
afterAll(() => proxy.close());

async function refusal(deed: Promise<unknown>): Promise<KnotError> {
  const error: unknown = await deed.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (isKnotError(error)) return error;
  throw new Error(`No refusal: ${String(error)}`);
}

describe('an API server that answers badly', () => {
  it.each([
    [429, 'backend.unavailable'],
    [500, 'backend.unavailable'],
    [503, 'backend.unavailable'],
  ])('%i is tried again, as late as it says', async (status, code) => {
    proxy.meet(() => ({ status, message: 'busy', retryAfter: 3 }));
    const error = await refusal(driver.apply(newSpec(deployment()), '', soon()));
    expect(error.code).toBe(code);
    expect(error.details['retryAfterMs']).toBe(3_000);
  });

  it('404 of something that is no API server deletes and makes nothing', async () => {
    const spec = newSpec(deployment());
    proxy.meet(({ method }) => (method === 'GET' ? { status: 404, message: 'no such page' } : null));
    expect((await refusal(look(driver, spec))).code).toBe('backend.unavailable');
  });

  it('a conflict of the status alone is gone over', async () => {
    const spec = newSpec(deployment());
    const { revision } = await bringUp(driver, spec);
    let conflicts = 2;
    proxy.meet(({ method }) => (method === 'PATCH' && conflicts-- > 0 ? { status: 409, message: 'modified' } : null));
    const changed = { ...spec, job: deployment({ run: 'exec sleep 3000' }) };
    await driver.apply(changed, revision, soon());
    expect(conflicts).toBeLessThan(1);
    await driver.remove(spec.mark, soon());
  });

  it('a lost answer is found by the next look, and the second try changes nothing', async () => {
    const spec = newSpec(deployment());
    proxy.meet(({ method }) => (method === 'PATCH' ? 'lose the answer' : null));
    expect((await refusal(driver.apply(spec, '', soon()))).code).toBe('backend.unavailable');
    proxy.meet(() => null);
    const { workload } = await look(driver, spec);
    expect(workload).toMatchObject({ state: 'present', drift: null });
    const { instance } = await bringUp(driver, spec);
    expect((await runningPods(kube, spec.mark)).map(({ metadata }) => metadata.uid)).toEqual([instance]);
    await driver.remove(spec.mark, soon());
  });

  it('is asked nothing by a look at what is followed, which sees what others do, until the watches end', async () => {
    const spec = newSpec(deployment());
    const ending = new AbortController();
    const ended = driver.watch(() => undefined, ending.signal);
    const { revision } = await bringUp(driver, spec);
    /** Looks, and counts what that asked of the API server. */
    const counted = async () => {
      const before = proxy.requests().length;
      const { workload } = await look(driver, spec);
      return { workload, calls: proxy.requests().length - before };
    };
    const quiet = { timeout: 60_000, interval: 200 };
    const followed = await eventually(counted, ({ calls }) => calls === 0, { ...quiet, what: 'a look without a call' });
    expect(followed.workload).toMatchObject({ state: 'present', health: 'healthy', drift: null, revision });

    await kube.patch(
      'Deployment',
      `knot-${spec.mark.space}`,
      { spec: { template: { spec: { hostname: 'x' } } } },
      'apps/v1',
    );
    const other = (seen: { workload: Workload; calls: number }) =>
      seen.calls === 0 && seen.workload.state === 'present' && seen.workload.revision !== revision;
    const seen = await eventually(counted, other, { ...quiet, what: 'the change to come in' });
    const at = seen.workload.state === 'present' ? seen.workload.revision : '';
    // our own deed is never overtaken by an older look
    await driver.apply({ ...spec, job: deployment({ run: 'exec sleep 5000' }), hash: 'other' }, at, soon());
    expect((await look(driver, spec)).workload).toMatchObject({ drift: expect.stringMatching(/Deployment/) });

    proxy.meet(({ path }) => (path.includes('watch=true') ? { status: 503, message: 'no watches today' } : null));
    proxy.cutWatches();
    await eventually(counted, ({ calls }) => calls > 4, { ...quiet, what: 'looks that ask' });
    proxy.meet(() => null);
    await eventually(counted, ({ calls }) => calls === 0, { ...quiet, what: 'looks that ask nothing again' });
    ending.abort();
    await ended;
    await driver.remove(spec.mark, soon());
  });

  it('a watch that is too old lists again, and tells only what has changed', async () => {
    const [quiet, busy] = [newSpec(deployment()), newSpec(deployment())];
    await Promise.all([bringUp(driver, quiet), bringUp(driver, busy)]);
    const hints: (string | null)[] = [];
    const ending = new AbortController();
    const ended = driver.watch((space) => void hints.push(space), ending.signal);
    await eventually(() => hints.includes(null), Boolean, { timeout: 30_000, what: 'the first list' });
    await eventually(
      () => proxy.requests().filter((request) => request.includes('watch=true')).length,
      (count) => count >= 9,
      { timeout: 30_000, what: 'nine watches' },
    );
    let expired = 0;
    proxy.meet(({ path }) => (path.includes('watch=true') && expired++ < 9 ? 'expire' : null));
    hints.length = 0;
    proxy.cutWatches();
    const name = `knot-${busy.mark.space}`;
    await kube.patch('Deployment', name, { metadata: { annotations: { theirs: 'yes' } } }, 'apps/v1');
    await eventually(() => hints.includes(busy.mark.space), Boolean, { timeout: 60_000, what: 'the hint' });
    expect(expired).toBeGreaterThan(0);
    expect(hints).not.toContain(quiet.mark.space);
    ending.abort();
    await ended;
    await Promise.all([driver.remove(quiet.mark, soon()), driver.remove(busy.mark, soon())]);
  });
});

/** What the account needs, as the driver says it. */
const ROLE = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { name: 'leaf' },
  rules: [
    {
      apiGroups: ['', 'apps', 'batch', 'networking.k8s.io'],
      resources: [
        'pods',
        'services',
        'configmaps',
        'secrets',
        'persistentvolumeclaims',
        'deployments',
        'statefulsets',
        'jobs',
        'ingresses',
      ],
      verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'],
    },
    { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    { apiGroups: [''], resources: ['events'], verbs: ['list', 'watch'] },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
  ],
};

describe('an account and a namespace that come and go', () => {
  it('asks the program that a kubeconfig names for what to show the API server', async () => {
    const config = JSON.parse(kubeconfig(kube.access));
    const folder = freshFolder('exec');
    const [program, calls] = [join(folder, 'login.sh'), join(folder, 'calls')];
    const answer = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: kube.access.token },
    };
    writeFileSync(program, `#!/bin/sh\necho "$1" >> ${calls}\ncat <<'END'\n${JSON.stringify(answer)}\nEND\n`, {
      mode: 0o755,
    });
    const exec = { apiVersion: answer.apiVersion, command: program, args: ['token'], interactiveMode: 'Never' };
    const file = join(folder, 'kubeconfig');
    writeFileSync(file, JSON.stringify({ ...config, users: [{ name: 'test', user: { exec } }] }));
    const byProgram = driverFor(kube, SCOPE, { kubeconfig: file });
    expect(await byProgram.health(soon())).toMatchObject({ ready: true, trouble: null });
    await byProgram.list(soon());
    expect(readFileSync(calls, 'utf8').trim().split('\n')).toEqual(['token']);
  });

  it('is told of an account that may nothing any more, and goes on when it may again', async () => {
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'leaf' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'leaf' },
      subjects: [{ kind: 'ServiceAccount', name: 'leaf', namespace: kube.namespace }],
    };
    await kube.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'leaf' } });
    await kube.create(ROLE);
    await kube.create(binding);
    const token = await kube.token('leaf');
    const small = driverFor(kube, SCOPE, { kubeconfig: kubeconfigFile({ ...kube.access, token }) });
    await eventually(
      () => small.health(soon()),
      ({ ready }) => ready,
      { timeout: 30_000, what: 'health' },
    );

    const spec = newSpec(deployment(), 'volumes: [{ name: home, size: 1Gi }]');
    const { instance } = await bringUp(small, spec);
    const lock = await small.lock().hold({ holder: 'a', term: 1, ttlMs: 10_000 }, soon());
    expect(lock.state).toBe('held');

    await kube.delete('RoleBinding', 'leaf', 'rbac.authorization.k8s.io/v1');
    const health = await eventually(
      () => small.health(soon()),
      ({ ready }) => !ready,
      { timeout: 30_000, what: 'refusal' },
    );
    expect(health.trouble?.reason).toBe('BackendForbidden');
    expect((await refusal(look(small, spec))).code).toBe('backend.forbidden');
    expect((await small.lock().hold({ holder: 'b', term: 1, ttlMs: 1_000 }, soon())).state).toBe('unavailable');

    await kube.create(binding);
    await eventually(
      () => small.health(soon()),
      ({ ready }) => ready,
      { timeout: 30_000, what: 'health again' },
    );
    expect((await look(small, spec)).workload).toMatchObject({ health: 'healthy', instance });
    expect((await small.list(soon())).map(({ space }) => space)).toContain(spec.mark.space);
    await small.remove(spec.mark, soon());
  });

  it('says that its namespace is gone, and makes the space again once it is back', async () => {
    const own = await freshNamespace(await sharedKubernetes());
    const there = driverFor(own, SCOPE);
    const spec = newSpec(deployment());
    await bringUp(there, spec);
    await own.delete('Namespace', own.namespace);
    await eventually(
      () => own.find('Namespace', own.namespace),
      (found) => found === null,
      { timeout: 90_000, what: 'the namespace to be gone' },
    );
    expect((await look(there, spec)).workload).toEqual({ state: 'absent' });
    const health = await there.health(soon());
    expect(health.trouble?.message).toContain(`There is no namespace ${own.namespace}`);
    const error = await refusal(there.apply(spec, '', soon()));
    expect(error.code).toBe('backend.unavailable');
    expect(error.message).toContain(`There is no namespace ${own.namespace}`);
    await own.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: own.namespace } });
    await bringUp(there, spec);
    await there.remove(spec.mark, soon());
  });
});
