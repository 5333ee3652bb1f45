import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Driver, WorkloadSpec } from '@knot/drivers';
import { toKnotError, type KnotError } from '@knot/shared/errors';
import { startWebhook, type AdmissionWebhook } from '../../tools/admission-webhook.js';
import { eventually } from '../../tools/eventually.js';
import type { KubeClient, KubeObject } from '../../tools/kube-client.js';
import { freshNamespace, sharedKubernetes } from '../../tools/shared-kubernetes.js';
import { bringUp, look, newSpec, SCOPE, soon, untilPresent } from './actor.js';
import { driverFor, runningPods } from './harness.js';
import { barePod, deployment } from './manifests.js';

let kube: KubeClient;
let driver: Driver;
let webhook: AdmissionWebhook;

beforeAll(async () => {
  const access = await sharedKubernetes();
  kube = await freshNamespace(access);
  driver = driverFor(kube, SCOPE);
  webhook = await startWebhook(access, 'not on Fridays');
});
afterAll(() => webhook.close());

/** The trouble that a job comes to, once it is one of this reason. */
async function trouble(spec: WorkloadSpec, reason: string, by: Driver = driver) {
  await by.apply(spec, '', soon());
  const seen = await untilPresent(by, spec, reason, (workload) => workload.trouble?.reason === reason);
  await by.remove(spec.mark, soon());
  return { ...seen, message: seen.trouble?.message ?? '' };
}

const LIMIT = (memory: string) => `resources: { limits: { memory: ${memory} } }`;

describe('why a space does not run, in plain words', () => {
  it.concurrent.each([
    ['NotPlaceable', deployment({ container: LIMIT('900Gi') }), /not enough memory/],
    ['ImageFailed', deployment().replace('knot.test/busybox:1', 'knot.test/none:7'), /knot\.test\/none:7/],
    ['OutOfMemory', deployment({ run: 'tail /dev/zero', container: LIMIT('16Mi') }), /more memory than it may/],
    ['Exited', deployment({ run: 'echo the disk is upside down; exit 9' }), /code 9.*the disk is upside down/],
    ['DriverFailed', deployment().replace('command: [sh, -c,', 'command: [/no/such/program,'), /no\/such\/program/],
  ])('%s', async (reason, job, words) => {
    const { message, health } = await trouble(newSpec(job), reason);
    expect(message).toMatch(words);
    expect(health).not.toBe('healthy');
  });

  it.concurrent('VolumeFailed: what it mounts is not there', async () => {
    const lost = 'volumes: [{ name: lost, secret: { secretName: lost } }]';
    const job = deployment({ pod: lost, container: 'volumeMounts: [{ name: lost, mountPath: /lost }]' });
    const { message } = await trouble(newSpec(job, '', ['secret:lost']), 'VolumeFailed');
    expect(message).toContain('"lost" not found');
  });

  it.concurrent('evicted by its node', async () => {
    const scratch = 'volumes: [{ name: scratch, emptyDir: { sizeLimit: 1Mi } }]';
    const job = barePod({
      run: 'dd if=/dev/zero of=/scratch/file bs=1024 count=9000; exec sleep 1000',
      pod: scratch,
      container: 'volumeMounts: [{ name: scratch, mountPath: /scratch }]',
    });
    const spec = newSpec(job);
    await driver.apply(spec, '', soon());
    const seen = await untilPresent(driver, spec, 'evicted', ({ trouble: told }) =>
      /evicted/.test(told?.message ?? ''),
    );
    expect(seen.health).toBe('ended');
    expect(seen.trouble?.message).toMatch(/scratch/);
  });

  it.concurrent('what the namespace refuses: its quota, and Pod Security', async () => {
    const quota = await freshNamespace(await sharedKubernetes());
    await quota.create({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small' },
      spec: { hard: { pods: '0' } },
    });
    const full = await trouble(newSpec(deployment()), 'NotPlaceable', driverFor(quota, SCOPE));
    expect(full.message).toMatch(/exceeded quota: small/);

    const enforce = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    const strict = await freshNamespace(await sharedKubernetes(), enforce);
    const refused = await trouble(newSpec(deployment()), 'PolicyRefused', driverFor(strict, SCOPE));
    expect(refused.message).toMatch(/allowPrivilegeEscalation/);
  });

  it.concurrent('what a rule of admission refuses, in its own words', async () => {
    const ruled = await freshNamespace(await sharedKubernetes());
    const name = `no-${ruled.namespace}`;
    const rules = [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }];
    const selector = { matchLabels: { 'kubernetes.io/metadata.name': ruled.namespace } };
    const apiVersion = 'admissionregistration.k8s.io/v1';
    await ruled.create({
      ...{ apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name } },
      spec: {
        matchConstraints: { namespaceSelector: selector, resourceRules: rules },
        validations: [{ expression: 'false', message: 'not on Fridays' }],
      },
    });
    await ruled.create({
      ...{ apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name } },
      spec: { policyName: name, validationActions: ['Deny'] },
    });
    const told = await untilRefused(ruled, deployment()).finally(async () => {
      await ruled.delete('ValidatingAdmissionPolicyBinding', name, apiVersion);
      await ruled.delete('ValidatingAdmissionPolicy', name, apiVersion);
    });
    expect(told).toMatchObject({
      code: 'backend.invalid',
      message: `The admission policy ${name} refused it: not on Fridays.`,
    });
  });

  it.concurrent('what a webhook refuses, in its own words: its pods, and the object itself', async () => {
    const later = await freshNamespace(await sharedKubernetes());
    const pods = await webhook.ask(later, { resource: 'pods', answers: 'no', failurePolicy: 'Fail' });
    await untilRefused(later, barePod());
    const refused = await trouble(newSpec(deployment()), 'PolicyRefused', driverFor(later, SCOPE));
    expect(refused.message).toBe(
      `The admission webhook ${pods} refused its pod: not on Fridays. Mend the template, or ask who runs the cluster.`,
    );

    const atOnce = await freshNamespace(await sharedKubernetes());
    const rule = await webhook.ask(atOnce, { resource: 'apps/deployments', answers: 'no', failurePolicy: 'Ignore' });
    const told = await untilRefused(atOnce, deployment());
    expect(told).toMatchObject({
      code: 'backend.invalid',
      message: `The admission webhook ${rule} refused it: not on Fridays.`,
      hint: 'Mend the template, or ask who runs the cluster.',
    });
  });

  it.concurrent('a webhook that does not answer: told and tried again, or passed over, as it is to be', async () => {
    const closed = await freshNamespace(await sharedKubernetes());
    const rule = await webhook.ask(closed, { resource: 'apps/deployments', answers: 'never', failurePolicy: 'Fail' });
    const told = await untilRefused(closed, deployment());
    expect(told).toMatchObject({ code: 'backend.unavailable', hint: 'Tell who runs the cluster; knot keeps trying.' });
    expect(told?.message).toContain(`The admission webhook ${rule} is asked about it and does not answer: `);

    const open = await freshNamespace(await sharedKubernetes());
    const passed = await webhook.ask(open, { resource: 'apps/deployments', answers: 'never', failurePolicy: 'Ignore' });
    await eventually(
      () => bringUp(driverFor(open, SCOPE), newSpec(deployment())).then(() => webhook.wasAsked(passed)),
      Boolean,
      { timeout: 90_000, what: 'the webhook to be asked' },
    );
  });

  it.concurrent('every event that came along, oldest first', async () => {
    const spec = newSpec(deployment({ run: 'exit 1' }));
    await driver.apply(spec, '', soon());
    const { events } = await eventually(
      () => look(driver, spec),
      (seen) => seen.events.some(({ reason }) => reason === 'BackOff'),
      { timeout: 60_000, what: 'the back-off' },
    );
    expect(events.map(({ reason }) => reason)).toEqual(expect.arrayContaining(['Scheduled', 'Started']));
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));
    await driver.remove(spec.mark, soon());
  });
});

describe('what others do, and what cannot be changed in place', () => {
  it('leaves alone the fields that the template does not name', async () => {
    const spec = newSpec(deployment());
    const before = await bringUp(driver, spec);
    const name = `knot-${spec.mark.space}`;
    await kube.patch('Deployment', name, { spec: { replicas: 2 } }, 'apps/v1', '/scale');
    await kube.patch('Deployment', name, { metadata: { annotations: { theirs: 'yes' } } }, 'apps/v1');
    await eventually(
      () => runningPods(kube, spec.mark),
      (pods) => pods.length === 2,
      { timeout: 60_000, what: 'two pods' },
    );
    const seen = await untilPresent(driver, spec, 'healthy', ({ health }) => health === 'healthy');
    expect(seen.drift).toBeNull();
    await driver.apply(spec, seen.revision, soon());
    const after = await kube.find('Deployment', name, 'apps/v1');
    expect(after.spec.replicas).toBe(2);
    expect(after.metadata.annotations.theirs).toBe('yes');
    expect(before.drift).toBeNull();
    await driver.remove(spec.mark, soon());
  });

  it('leaves alone the container that an injector puts into its pods, one of the template itself too', async () => {
    const there = await freshNamespace(await sharedKubernetes());
    const by = driverFor(there, SCOPE);
    const rule = await webhook.ask(there, { resource: 'pods', answers: 'sidecar', failurePolicy: 'Fail' });
    for (const job of [deployment(), barePod()]) {
      const { spec, seen } = await eventually(
        async () => {
          const made = newSpec(job);
          return { spec: made, seen: await bringUp(by, made) };
        },
        () => webhook.wasAsked(rule),
        { timeout: 90_000, what: 'the injector to be asked' },
      );
      const [pod] = await runningPods(there, spec.mark);
      expect(pod.spec.containers.map(({ name }: KubeObject) => name)).toEqual(['main', 'sidecar']);
      await by.apply(spec, seen.revision, soon());
      const after = await untilPresent(by, spec, 'healthy', ({ health }) => health === 'healthy');
      expect(after).toMatchObject({ instance: seen.instance, drift: null });
      await by.remove(spec.mark, soon());
    }
  });

  it('tells who changed a field of the template, and puts it back', async () => {
    const spec = newSpec(deployment());
    await bringUp(driver, spec);
    const name = `knot-${spec.mark.space}`;
    await kube.patch('Deployment', name, { metadata: { labels: { 'knot.dev/scope': null } } }, 'apps/v1');
    const { workload } = await look(driver, spec);
    // without its mark it is not ours any more: nothing is done to it
    expect(workload.state).toBe('foreign');
    await kube.patch(
      'Deployment',
      name,
      { metadata: { labels: { 'knot.dev/scope': await scopeOf(spec) } } },
      'apps/v1',
    );
    const drifted = await untilPresent(driver, spec, 'drifted', ({ drift }) => drift !== null);
    expect(drifted.drift).toContain('somebody-else');
    await bringUp(driver, spec);
    await driver.remove(spec.mark, soon());
  });

  it('makes anew what cannot be changed, with its volume kept, and takes away what the template names no more', async () => {
    const mount = { pod: 'volumes: [{ name: home, persistentVolumeClaim: { claimName: home } }]' };
    const container = 'volumeMounts: [{ name: home, mountPath: /home }]';
    const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { a: b }\n---';
    const job = settings + deployment({ ...mount, container, run: 'echo once >> /home/starts; exec sleep 100000' });
    const spec = newSpec(job, 'volumes: [{ name: home, size: 1Gi }]');
    const before = await bringUp(driver, spec);
    const name = `knot-${spec.mark.space}`;
    const claim = await kube.find('PersistentVolumeClaim', `${name}-home`);
    expect(await kube.find('ConfigMap', `${name}-settings`)).not.toBeNull();

    const changed = { ...spec, job: job.replace(settings, '').replaceAll('{ app: web }', '{ app: other }') };
    expect((await driver.plan(changed, soon())).destructive).toBe(true);
    const after = await bringUp(driver, changed);
    expect(after.instance).not.toBe(before.instance);
    expect(await kube.find('ConfigMap', `${name}-settings`)).toBeNull();

    const asStatefulSet = { ...changed, job: changed.job.replace('kind: Deployment', 'kind: StatefulSet') };
    await bringUp(driver, asStatefulSet);
    expect(await kube.find('Deployment', name, 'apps/v1')).toBeNull();
    expect((await kube.find('PersistentVolumeClaim', `${name}-home`)).metadata.uid).toBe(claim.metadata.uid);
    await driver.remove(spec.mark, soon());
    await eventually(
      () => look(driver, asStatefulSet),
      ({ workload }) => workload.state === 'absent',
      { timeout: 60_000, what: 'all to be gone' },
    );
    expect((await kube.find('PersistentVolumeClaim', `${name}-home`)).metadata.uid).toBe(claim.metadata.uid);
  });
});

/** The refusal of an apply. The API server takes a moment to take a rule up. */
async function untilRefused(there: KubeClient, job: string): Promise<KnotError | null> {
  const by = driverFor(there, SCOPE);
  return eventually(
    async () => {
      const spec = newSpec(job);
      return by.apply(spec, '', soon()).then(() => by.remove(spec.mark, soon()).then(() => null), toKnotError);
    },
    (refusal) => refusal !== null,
    { timeout: 60_000, interval: 2_000, what: 'the refusal' },
  );
}

async function scopeOf({ mark }: WorkloadSpec): Promise<string> {
  const [pod] = await runningPods(kube, mark);
  return String(pod?.metadata.labels['knot.dev/scope']);
}
