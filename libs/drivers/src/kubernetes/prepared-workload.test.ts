import { describe, expect, it } from 'vitest';
import { KnotError } from '@knot/shared/errors';
import { objectAt } from './json.js';
import { PreparedWorkloads } from './prepared-workload.js';
import { POD, podWith, SPACE, specOf } from './testing/spec.js';

const prepared = new PreparedWorkloads('spaces');

function refused(job: string, volumes = ''): KnotError {
  try {
    prepared.prepare(specOf(job, { volumes }));
  } catch (error) {
    if (error instanceof KnotError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

const DEPLOYMENT = `
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { a: b }
---
apiVersion: v1
kind: Secret
metadata: { name: keys }
stringData: { token: hidden }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { app: web, knot.dev/space: another } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: main
          image: busybox
          envFrom: [{ configMapRef: { name: settings } }]
          env: [{ name: TOKEN, valueFrom: { secretKeyRef: { name: keys, key: token } } }]
      volumes:
        - { name: home, persistentVolumeClaim: { claimName: home } }
        - { name: all, projected: { sources: [{ configMap: { name: settings } }] } }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;
const HOME = 'volumes: [{ name: home, size: 10Gi }]';

describe('what a template becomes', () => {
  const { wanted, main, claims } = prepared.prepare(specOf(DEPLOYMENT, { volumes: HOME }));
  const named = (kind: string) => wanted.find((one) => one.kind.kind === kind)?.object ?? {};

  it('names everything after the space, the workload last and by its name alone', () => {
    expect(wanted.map(({ kind, name }) => `${kind.kind} ${name}`)).toEqual([
      `ConfigMap knot-${SPACE}-settings`,
      `Secret knot-${SPACE}-keys`,
      `Service knot-${SPACE}-web`,
      `Deployment knot-${SPACE}`,
    ]);
    expect(claims).toMatchObject([{ name: 'home', backendId: `knot-${SPACE}-home` }]);
  });

  it('rewrites what they refer to', () => {
    const text = JSON.stringify(main.object);
    for (const name of ['settings', 'keys', 'home']) {
      expect(text).toContain(`"knot-${SPACE}-${name}"`);
      expect(text).not.toMatch(new RegExp(`"(name|claimName)":"${name}","key`));
    }
  });

  it('binds selectors to the space, and pods bear what they are selected by', () => {
    expect(objectAt(named('Service'), 'spec', 'selector')).toEqual({ app: 'web', 'knot.dev/space': SPACE });
    const spec = objectAt(main.object, 'spec');
    expect(objectAt(spec, 'selector', 'matchLabels')).toEqual({ app: 'web', 'knot.dev/space': SPACE });
    expect(objectAt(spec, 'template', 'metadata', 'labels')).toMatchObject({ app: 'web', 'knot.dev/space': SPACE });
    expect(objectAt(spec, 'strategy')).toEqual({ type: 'Recreate' });
    expect(objectAt(spec, 'template', 'spec')['automountServiceAccountToken']).toBe(false);
  });

  it('binds the selector that a job brings along, and gives none to others', () => {
    const job = (lines: string) => {
      const pods = 'template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: a, image: b }] } }';
      const text = `apiVersion: batch/v1\nkind: Job\nmetadata: { name: web }\nspec: { ${lines}${pods} }`;
      return objectAt(prepared.prepare(specOf(text)).main.object, 'spec');
    };
    const own = job('manualSelector: true, selector: { matchLabels: { app: web } }, ');
    expect(own['selector']).toEqual({ matchLabels: { app: 'web', 'knot.dev/space': SPACE } });
    expect(job('')).not.toHaveProperty('selector');
  });

  it('bears the exact mark, and nothing of a template under our prefix', () => {
    expect(objectAt(main.object, 'metadata', 'annotations')).toMatchObject({
      'knot.dev/installation': 'installation-1',
      'knot.dev/location': '~ann/laptop',
      'knot.dev/owner': 'ann',
    });
    expect(objectAt(main.object, 'metadata', 'labels')).toMatchObject({ app: 'web', 'knot.dev/space': SPACE });
  });

  it('turns the texts of a Secret into what the API server keeps', () => {
    expect(named('Secret')).toMatchObject({ data: { token: Buffer.from('hidden').toString('base64') } });
    expect(named('Secret')).not.toHaveProperty('stringData');
  });

  it('is the same each time', () => {
    const again = new PreparedWorkloads('spaces').prepare(specOf(DEPLOYMENT, { volumes: HOME }));
    expect(JSON.stringify(again.wanted)).toBe(JSON.stringify(wanted));
  });

  it('takes the environment from a Secret, and its values tell no drift', () => {
    const environment = { KNOT_JOIN: 'hidden' };
    const given = new PreparedWorkloads('spaces').prepare(specOf(POD, { environment }));
    expect(given.wanted.map(({ name, hash }) => [name, hash === ''])).toEqual([
      [`knot-${SPACE}.env`, true],
      [`knot-${SPACE}`, false],
    ]);
    expect(JSON.stringify(given.main.object)).not.toContain('hidden');
    expect(JSON.stringify(given.main.object)).toContain(`"secretRef":{"name":"knot-${SPACE}.env"}`);
  });
});

describe('what is wrong with a template is said with its place', () => {
  it.each([
    ['', 'Nothing in it runs'],
    ['a: [1', 'line 1'],
    [`${POD}---\nkind: Pod`, 'has the apiVersion v1 here, not none'],
    [POD.replace('v1', 'v2'), 'has the apiVersion v1 here, not v2'],
    [POD.replace('web', 'Web_1'), 'is no name for a Pod'],
    [`${POD}---${POD}`, 'is there twice'],
    [POD.replace('name: web', 'name: web, finalizers: [a]'), 'finalizers in the metadata of the Pod web'],
    [
      DEPLOYMENT.replace('metadata: { labels', 'metadata: { finalizers: [a.b/c], labels'),
      'of the pods of the Deployment web',
    ],
    [
      POD.replace(
        'name: web',
        `name: web }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${'x'.repeat(30)}`,
      ),
      'too long',
    ],
  ])('%j', (job, sentence) => {
    const error = refused(job);
    expect(error.code).toBe('template.rejected');
    expect(error.message).toContain(sentence);
  });

  it.each([
    ['volumes: [{ name: home }]', 'needs a size'],
    ['volumes: [{ name: home, size: 10Gi, sise: 1 }]', '"sise" is not known'],
    ['volumes: {}', 'should be a list'],
    ['volumes: [{ size: 1Gi }]', 'Each volume has a name'],
    ['volumes: [{ name: home, size: 1Gi, access_modes: ReadWriteMany }]', 'access_modes of the volume home'],
    ['volumes: [{ name: home, size: 1Gi, storage_class: 7 }]', 'storage_class of the volume home'],
    ['\n\nvolumes: [{ name: home, size: 1Gi }, { name: Home_2, size: 1Gi }]', 'line 3'],
    [POD, 'is no volume'],
    ['volumes: [{ name: home, size: 1Gi }, { name: home, size: 1Gi }]', 'is there twice'],
  ])('volumes %j', (volumes, sentence) => {
    const error = refused(POD, volumes);
    expect(error.code).toBe('template.rejected');
    expect(error.message).toContain(sentence);
  });
});

it('a text that is nested without end is refused before it is parsed', () => {
  expect(refused(`${POD}---\nx: ${'['.repeat(100_000)}`).message).toContain('nested too deeply');
  expect(refused(POD, `x: ${'[ # ]\n'.repeat(100_000)}`).message).toContain('nested too deeply');
});

describe('what a location does not allow is refused by name', () => {
  it.each([
    ['  hostNetwork: true', 'the network of the host', 'host-network'],
    ['  hostPID: true', 'the processes of the host', 'host-pid'],
    ['  automountServiceAccountToken: true', 'a token of the API server', 'api-token'],
    ['  serviceAccountName: root', 'the service account root', 'service-account:root'],
    ['  nodeName: n1', 'nodeName n1', 'nodeName'],
    ['  tolerations: [{ operator: Exists }]', 'the toleration of all taints', 'toleration:'],
    ['  ephemeralContainers: []', 'the field ephemeralContainers', 'pod:ephemeralContainers'],
    ['  volumes: [{ name: a, hostPath: { path: /etc } }]', "the host's path /etc", 'host-path:/etc'],
    ['  volumes: [{ name: a, nfs: { server: s } }]', 'a volume of type nfs', 'volume:nfs'],
    ['  volumes: [{ name: a, secret: { secretName: theirs } }]', 'the Secret "theirs"', 'secret:theirs'],
    ['  volumes: [{ name: a, configMap: { name: theirs } }]', 'the ConfigMap "theirs"', 'configmap:theirs'],
    ['  volumes: [{ name: a, persistentVolumeClaim: { claimName: b } }]', 'the PersistentVolumeClaim "b"', null],
    [
      '  volumes: [{ name: a, projected: { sources: [{ serviceAccountToken: { path: t } }] } }]',
      'a token of the API server',
      'api-token',
    ],
    ['  imagePullSecrets: [{ name: registry }]', 'the Secret "registry"', 'secret:registry'],
    [
      '  securityContext: { sysctls: [{ name: kernel.msgmax }] }',
      'kernel setting kernel.msgmax',
      'sysctl:kernel.msgmax',
    ],
    ['  initContainers: [{ name: i, securityContext: { privileged: true } }]', 'to be privileged', 'privileged'],
    [
      '  initContainers: [{ name: i, securityContext: { capabilities: { add: [SYS_ADMIN] } } }]',
      'SYS_ADMIN',
      'capability:SYS_ADMIN',
    ],
    ['  initContainers: [{ name: i, ports: [{ hostPort: 80 }] }]', "the host's port 80", 'host-port'],
    [
      '  initContainers: [{ name: i, livenessProbe: { httpGet: { host: 169.254.169.254, port: 80 } } }]',
      'the node to call 169.254.169.254',
      'probe-host',
    ],
    [
      '  initContainers: [{ name: i, lifecycle: { preStop: { tcpSocket: { host: db, port: 1 } } } }]',
      'the node to call db',
      'probe-host',
    ],
    [
      '  initContainers: [{ name: i, resources: { limits: { nvidia.com/gpu: 1 } } }]',
      'nvidia.com/gpu',
      'device:nvidia.com/gpu',
    ],
  ])('%s', (lines, names, exception) => {
    const job = podWith(lines);
    const error = refused(job);
    expect(error.code).toBe('template.policy');
    expect(error.message).toContain(names);
    expect(error.details['exception']).toBe(exception);
    if (exception === null) return;
    const policy = { drivers: [], hostVolumes: [], exceptions: [exception] };
    expect(() => prepared.prepare(specOf(job, { policy }))).not.toThrow();
  });

  it.each([
    ['v1', 'Namespace', 'belongs to the whole cluster'],
    ['rbac.authorization.k8s.io/v1', 'RoleBinding', 'not among the kinds of a space'],
    ['apps/v1', 'DaemonSet', 'not among the kinds of a space'],
  ])('%s %s', (apiVersion, kind, why) => {
    const error = refused(`${POD}---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x }\n`);
    expect(error.code).toBe('template.policy');
    expect(error.message).toContain(kind);
    expect(error.message).toContain(why);
  });

  it.each([
    ['Service', 'v1', 'spec: { type: NodePort }', 'a Service of type NodePort'],
    ['Service', 'v1', 'spec: { externalIPs: [1.2.3.4] }', 'externalIPs'],
    ['Secret', 'v1', 'type: kubernetes.io/service-account-token', 'a Secret of type'],
    ['Ingress', 'networking.k8s.io/v1', 'spec: {}', 'an Ingress'],
  ])('%s %s %s', (kind, apiVersion, lines, names) => {
    const error = refused(`${POD}---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: x }\n${lines}\n`);
    expect(error.message).toContain(names);
  });

  it('another namespace', () => {
    expect(refused(POD.replace('name: web', 'name: web, namespace: kube-system')).message).toContain('kube-system');
  });

  it('the data of a volume that is not its own', () => {
    const claim =
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: home }\nspec: { volumeName: pv-of-ben }';
    expect(refused(POD, claim).message).toContain('a certain PersistentVolume');
  });
});
