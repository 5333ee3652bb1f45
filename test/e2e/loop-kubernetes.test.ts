import { beforeAll, describe, expect, it } from 'vitest';
import type { Space, Template } from '../tools/api-client.js';
import { startWebhook } from '../tools/admission-webhook.js';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { always, eventually } from '../tools/eventually.js';
import type { KubeClient, KubeObject } from '../tools/kube-client.js';
import { BUSYBOX, type KubernetesAccess } from '../tools/kubernetes.js';
import { freshNamespace, sharedKubernetes } from '../tools/shared-kubernetes.js';
import { kubeconfigFile, runningPods } from './kubernetes-driver/harness.js';

const PATIENCE = { timeout: 90_000 };

/** What a person would write: a Deployment with a home, a ConfigMap it reads, and a Service. */
const MANIFESTS = `
apiVersion: v1
kind: ConfigMap
metadata:
  name: greeting
data:
  text: "hello \${{ .user.username }} in \${{ .space.name }}"
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: { app: web }
  ports:
    - { port: 80, targetPort: 8080 }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: web
          image: ${BUSYBOX}
          imagePullPolicy: Never
          command: [sh, -c, "cat /etc/greeting/text > /home/index.html; exec httpd -f -p 8080 -h /home"]
          readinessProbe:
            httpGet: { path: /index.html, port: 8080 }
            periodSeconds: 1
          volumeMounts:
            - { name: home, mountPath: /home }
            - { name: greeting, mountPath: /etc/greeting }
      volumes:
        - { name: home, persistentVolumeClaim: { claimName: home } }
        - { name: greeting, configMap: { name: greeting } }
`;

const HOME = `
volumes:
  - name: home
    size: 1Gi
`;

let access: KubernetesAccess;
let kube: KubeClient;
let origin: Origin;
let web: Template;

beforeAll(async () => {
  access = await sharedKubernetes();
  kube = await freshNamespace(access);
  origin = await startOrigin();
  await startLeaf(origin, {
    location: 'lon',
    config: {
      'server.kubernetes.enabled': true,
      'server.kubernetes.kubeconfig': kubeconfigFile(access),
      'server.kubernetes.namespace': kube.namespace,
    },
  });
  await locationReady(origin, 'lon', 'kubernetes');
  web = await origin.api.createTemplate({ name: 'web', platform: 'kubernetes', job: MANIFESTS, volumes: HOME });
});

async function started(name: string, template: Template): Promise<Space> {
  const space = await origin.api.createSpace(name, template.id, 'lon');
  await origin.api.wish(space.id, 'start');
  return space;
}

async function running(name: string): Promise<Space> {
  const space = await started(name, web);
  return origin.api.phase(space.id, 'Running', PATIENCE);
}

async function podOf(space: Space): Promise<KubeObject> {
  const [pod] = await eventually(
    () => runningPods(kube, { space: space.id }),
    (pods) => pods.length === 1,
    { ...PATIENCE, what: 'one running pod' },
  );
  return pod;
}

describe('a space on Kubernetes', () => {
  it('runs under knot-<uuid>, is put back, stops, and is deleted with all that was its own', async () => {
    const space = await running('home');
    const name = `knot-${space.id}`;
    const pod = await podOf(space);
    expect(space.instance).toBe(pod.metadata.uid);
    expect((await kube.find('ConfigMap', `${name}-greeting`)).data.text).toBe('hello ada in home');
    const claim = await kube.find('PersistentVolumeClaim', `${name}-home`);
    expect(claim.status.phase).toBe('Bound');
    const service = await kube.find('Service', `${name}-web`);
    expect(service.spec.selector).toEqual({ app: 'web', 'knot.dev/space': space.id });

    // its pod is deleted behind its back
    await kube.delete('Pod', pod.metadata.name, 'v1', 0);
    const healed = await eventually(
      () => origin.api.space(space.id),
      (now) => now.phase === 'Running' && now.instance !== '' && now.instance !== pod.metadata.uid,
      { ...PATIENCE, what: 'another pod to run' },
    );
    expect(healed.generation).toBe(space.generation);

    // so is its deployment
    await kube.delete('Deployment', name, 'apps/v1');
    const back = await eventually(
      () => origin.api.space(space.id),
      (now) => now.phase === 'Running' && now.instance !== '' && now.instance !== healed.instance,
      { ...PATIENCE, what: 'the deployment to be back' },
    );
    expect(back.events.map(({ message }) => message).join('\n')).toMatch(/gone|missing|put back/i);

    // a field of the template is changed by somebody, one that it does not name by somebody else
    await kube.patch('ConfigMap', `${name}-greeting`, { data: { text: 'mine now', more: 'left alone' } });
    await eventually(
      () => kube.find('ConfigMap', `${name}-greeting`),
      ({ data }) => data.text === 'hello ada in home' && data.more === 'left alone',
      { ...PATIENCE, what: 'the text to be put back' },
    );

    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped', PATIENCE);
    expect(await runningPods(kube, { space: space.id })).toEqual([]);
    expect((await kube.find('PersistentVolumeClaim', `${name}-home`)).metadata.uid).toBe(claim.metadata.uid);
    await always(
      () => kube.find('Deployment', name, 'apps/v1'),
      (found) => found === null,
      { what: 'no deployment' },
    );

    await origin.api.deleteSpace(await origin.api.space(space.id));
    await origin.api.gone(space.id, PATIENCE);
    for (const kind of ['Pod', 'ConfigMap', 'Secret', 'Service', 'PersistentVolumeClaim']) {
      expect(await kube.list(kind, 'v1', `knot.dev/space=${space.id}`)).toEqual([]);
    }
    expect(await kube.list('Deployment', 'apps/v1')).toEqual([]);
  });

  it('says in plain words why it does not start, and can be stopped then', async () => {
    const broken = await origin.api.createTemplate({
      name: 'broken',
      platform: 'kubernetes',
      job: MANIFESTS.replace('exec httpd -f -p 8080 -h /home', 'echo there is no such port; exit 7'),
      volumes: HOME,
    });
    const space = await started('unlucky', broken);
    const seen = await eventually(
      () => origin.api.space(space.id),
      (now) => now.conditions.some(({ type, message }) => type === 'Ready' && /no such port/.test(message)),
      { ...PATIENCE, what: 'its last words' },
    );
    const ready = seen.conditions.find(({ type }) => type === 'Ready');
    expect(ready?.message).toContain('code 7');
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped', PATIENCE);
  });

  it('says in its timeline what a webhook of the cluster says to its pods, and what to do', async () => {
    const webhook = await startWebhook(access, 'no spaces on Fridays');
    const labels = { day: 'friday' };
    let tries = 0;
    const rule = await webhook.ask(kube, { resource: 'pods', answers: 'no', failurePolicy: 'Fail', labels });
    const job = MANIFESTS.replace('labels: { app: web }', 'labels: { app: web, day: friday }');
    const friday = await origin.api.createTemplate({ name: 'friday', platform: 'kubernetes', job, volumes: HOME });
    const words = `The admission webhook ${rule} refused its pod: no spaces on Fridays. Mend the template, or ask who`;
    const space = await eventually(
      async () => {
        const { id } = await started(`on-friday-${(tries += 1)}`, friday);
        return eventually(
          () => origin.api.space(id),
          ({ phase, message }) => phase === 'Running' || message.includes('Fridays'),
          { ...PATIENCE, what: 'the refusal' },
        );
      },
      // the API server takes a moment to take a rule up
      ({ phase }) => phase !== 'Running',
      { ...PATIENCE, what: 'a space that is refused' },
    );
    expect(space.message).toContain(words);
    const told = await eventually(
      () => origin.api.space(space.id),
      ({ events }) => events.some(({ message }) => message.includes(words)),
      { ...PATIENCE, what: 'the timeline to say so' },
    );
    expect(told.conditions.some(({ reason }) => reason === 'PolicyRefused')).toBe(true);
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped', PATIENCE);
    await webhook.close();
  });

  it('refuses by name what the location does not allow', async () => {
    const greedy = await origin.api.createTemplate({
      name: 'greedy',
      platform: 'kubernetes',
      job: MANIFESTS.replace('      containers:', '      hostNetwork: true\n      containers:'),
      volumes: HOME,
    });
    const space = await started('greedy', greedy);
    const seen = await eventually(
      () => origin.api.space(space.id),
      (now) => now.conditions.some(({ reason }) => reason === 'PolicyRefused'),
      { ...PATIENCE, what: 'the refusal' },
    );
    expect(JSON.stringify(seen.conditions)).toContain('the network of the host');
    expect(await kube.find('Deployment', `knot-${space.id}`, 'apps/v1')).toBeNull();
  });
});
