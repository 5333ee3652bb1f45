import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { kubernetesScaffold } from '@knot/shared/config';
import { parseAllDocuments, parseDocument } from 'yaml';
import { eventually } from '../tools/eventually.js';
import { DEFINITIONS, definitionFile } from '../tools/go-part.js';
import type { KubeClient, KubeObject } from '../tools/kube-client.js';
import { freshFolder, runKnot } from '../tools/processes.js';
import { freshNamespace, sharedKubernetes } from '../tools/shared-kubernetes.js';
import { rendered, valuesFile } from './helm.js';

const CASES = ['leaf', 'leaf-everything', 'origin', 'origin-everything', 'origin-mysql'] as const;

function documents(text: string): KubeObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((document) => document !== null);
}

describe('what the chart makes of values', () => {
  it.each(CASES)('%s', async (name) => {
    const text = await rendered(name.startsWith('leaf') ? 'lon' : 'hub', '--values', valuesFile(name));
    await expect(text).toMatchFileSnapshot(`goldens/${name}.yaml`);
  });

  it('is the plain manifest of a leaf in deploy/kubernetes too', async () => {
    const head = [
      '# A leaf without Helm, generated from deploy/helm/knot (test/helm/chart.test.ts keeps it so). Change the address of the',
      '# origin and the location in the annotation knot.dev/config, make the namespace knot and in it a Secret lon-token with the',
      '# key shared-token, then: kubectl -n knot apply -f leaf.yaml',
    ];
    const text = await rendered('lon', '--values', valuesFile('leaf'));
    const plain = text.replaceAll('managed-by: Helm', 'managed-by: kubectl');
    await expect(`${head.join('\n')}\n${plain}`).toMatchFileSnapshot('../../deploy/kubernetes/leaf.yaml');
  });

  it('gives the account what knot scaffold --kubernetes gives it', async () => {
    const values = ['--set', 'spaces.namespace=knot-spaces', '--values', valuesFile('leaf')];
    const [ours, scaffold] = [documents(await rendered('lon', ...values)), documents(kubernetesScaffold())];
    const rulesOf = (all: readonly KubeObject[]) => all.find(({ kind }) => kind === 'Role')?.rules;
    expect(rulesOf(scaffold)).toEqual(rulesOf(ours));
  });
});

describe('knot.yaml', () => {
  it.each(CASES)('of %s passes knot config check', async (name) => {
    const all = documents(await rendered('one', '--values', valuesFile(name)));
    const [pod] = all.filter(({ kind }) => /^(StatefulSet|Deployment)$/.test(kind)).map(({ spec }) => spec.template);
    const text = String(pod.metadata.annotations['knot.dev/config']);
    const folder = freshFolder('chart');
    mkdirSync(join(folder, 'secrets'));
    mkdirSync(join(folder, 'mysql'));
    mkdirSync(join(folder, 'metrics'));
    writeFileSync(join(folder, 'secrets/shared-token'), 'a-shared-token-of-the-tests');
    writeFileSync(join(folder, 'secrets/encrypt'), 'a-key-of-the-tests-that-is-long-enough');
    writeFileSync(join(folder, 'mysql/password'), 'a-password');
    writeFileSync(join(folder, 'metrics/token'), 'a-token');
    const file = join(folder, 'knot.yaml');
    writeFileSync(file, text.replaceAll('/etc/knot/', `${folder}/`));
    const { code, output } = await runKnot(['config', 'check', '-c', file], { folder });
    expect(output).not.toMatch(/not known|warning/i);
    expect(code).toBe(0);
  });
});

describe('fails', () => {
  const LEAF = ['--set', 'location=lon', '--set', 'origin.url=https://o.example', '--set', 'origin.existingSecret=s'];
  const LON = ['--set', 'ingress.enabled=true,ingress.host=l.example,ingress.wildcardHost=*.l.example'];
  const ORIGIN = ['--set', 'mode=origin', '--set', 'hub.url=https://o.example', '--set', 'hub.existingSecret=s'];

  it.each([
    ['a leaf without location', [], 'A leaf needs the name of its location'],
    ['a leaf without origin', ['--set', 'location=lon'], 'A leaf needs the address of its origin'],
    ['a leaf without token', LEAF.slice(0, 4), 'A leaf needs what lets it in'],
    ['a leaf in clear', [...LEAF, '--set', 'origin.url=http://o.example'], 'everything would go in clear'],
    ['a leaf that drives nothing', [...LEAF, '--set', 'spaces.enabled=false'], 'nothing to drive'],
    ['a leaf with a database', [...LEAF, '--set', 'store.mysql.enabled=true'], 'its own embedded store'],
    ['several leaves', [...LEAF, '--set', 'hub.replicas=2'], 'hub.replicas is for mode=origin'],
    ['a leaf with the address of an origin', [...LEAF, '--set', 'hub.url=https://x'], 'hub.url is for mode=origin'],
    ['an origin without address', ['--set', 'mode=origin'], 'An origin needs the address'],
    ['an origin without keys', ORIGIN.slice(0, 4), 'An origin needs its keys'],
    ['an origin of an origin', [...ORIGIN, '--set', 'origin.url=https://x'], 'origin.url makes a leaf'],
    ['several origins on one file', [...ORIGIN, '--set', 'hub.replicas=2'], 'need a store that they share'],
    [
      'several origins without location',
      [...ORIGIN, '--set', 'hub.replicas=2', '--set', 'store.mysql.enabled=true'],
      'have one location of their own',
    ],
    ['a database without host', [...ORIGIN, '--set', 'store.mysql.enabled=true'], 'needs store.mysql.host'],
    [
      'a database without password',
      [...ORIGIN, '--set', 'store.mysql.enabled=true', '--set', 'store.mysql.host=db'],
      'needs store.mysql.existingSecret',
    ],
    ['an Ingress without host', [...ORIGIN, '--set', 'ingress.enabled=true'], 'needs ingress.host'],
    ['a Gateway without host', [...ORIGIN, '--set', 'gateway.enabled=true'], 'needs gateway.host'],
    [
      'a Gateway that is not named',
      [...ORIGIN, '--set', 'gateway.enabled=true', '--set', 'gateway.host=o.example'],
      'which Gateway is it',
    ],
    [
      'two domains of spaces',
      [...ORIGIN, '--set', 'gateway.wildcardHost=*.a.example', '--set', 'ingress.wildcardHost=*.b.example'],
      'have one domain',
    ],
    ['a domain that nothing leads to', [...LEAF, '--set', 'ingress.wildcardHost=*.a.example'], 'needs ingress.enabled'],
    ['the same by a Gateway', [...ORIGIN, '--set', 'gateway.wildcardHost=*.a.example'], 'needs gateway.enabled'],
    [
      "an origin's metrics without a token",
      [...ORIGIN, '--set', 'metrics.serviceMonitor=true'],
      'to administrators only',
    ],
    [
      "a leaf's metrics where people reach it",
      [...LEAF, ...LON, '--set', 'metrics.serviceMonitor=true'],
      'shows its metrics by a token',
    ],
    ['a test of nothing', [...LEAF, '--set', 'tests.existingSecret=s'], 'needs tests.template'],
    ['a test by nobody', [...LEAF, '--set', 'tests.template=web'], 'needs tests.existingSecret'],
    [
      'a test of an origin that nobody vouches for',
      [...LEAF, '--set', 'origin.fingerprint=ab,tests.existingSecret=s,tests.template=web'],
      'set tests.caSecret',
    ],
    ['spaces beside the leaf', [...LEAF, '--set', 'spaces.namespace=knot'], "apart from the release's own"],
    ['an unknown key', [...LEAF, '--set', 'locatoin=lon'], 'locatoin'],
    ['an unknown key further in', [...LEAF, '--set', 'image.tga=1'], 'tga'],
    ['an unknown mode', [...LEAF, '--set', 'mode=both'], 'mode'],
    ['a wrong type', [...LEAF, '--set', 'networkPolicy=often'], 'networkPolicy'],
  ])('%s', async (_what, args, sentence) => {
    await expect(rendered('lon', ...args)).rejects.toThrow(sentence);
  });
});

// That they hold is seen in install.long-test.ts: here, that each rule names what there is.
describe('the rules of the network', () => {
  it.each(CASES)('of %s select pods and ports that the release has', async (name) => {
    const all = documents(await rendered('one', '--values', valuesFile(name)));
    const policies = all.filter(({ kind }) => kind === 'NetworkPolicy');
    expect(policies.length).toBeGreaterThan(0);
    const [pod] = all.filter(({ kind }) => /^(StatefulSet|Deployment)$/.test(kind)).map(({ spec }) => spec.template);
    const ports = pod.spec.containers.flatMap((container: KubeObject) => container.ports ?? []);
    const known = ports.flatMap((port: KubeObject) => [port.name, port.containerPort]);
    const spaces = all.find(({ kind }) => kind === 'RoleBinding')?.metadata.namespace;
    for (const { metadata, spec } of policies) {
      const own = (metadata.namespace ?? 'knot') === 'knot';
      // a policy of the release is for its pods, one of the spaces' namespace for all that run there
      if (own) expect(pod.metadata.labels).toMatchObject(spec.podSelector.matchLabels);
      else
        expect({ namespace: metadata.namespace, selector: spec.podSelector }).toEqual({
          namespace: spaces,
          selector: {},
        });
      if (own) expect(known).toEqual(expect.arrayContaining(spec.ingress.flatMap(portsOf)));
      for (const peer of [...(spec.ingress ?? []), ...(spec.egress ?? [])].flatMap(
        (rule) => rule.from ?? rule.to ?? [],
      )) {
        if (peer.ipBlock) continue;
        const at = peer.namespaceSelector.matchLabels['kubernetes.io/metadata.name'];
        expect(at).toBe(own ? spaces : 'knot');
        if (!own) expect(pod.metadata.labels).toMatchObject(peer.podSelector.matchLabels);
      }
      const toLeaf = (spec.egress ?? []).filter(({ to = [] }) => to.some(({ podSelector }: KubeObject) => podSelector));
      expect(known).toEqual(expect.arrayContaining(toLeaf.flatMap(portsOf)));
    }
  });
});

function portsOf({ ports = [] }: KubeObject): (string | number)[] {
  return ports.map(({ port }: KubeObject) => port);
}

describe('a real API server', () => {
  let kube: KubeClient;

  beforeAll(async () => {
    kube = await freshNamespace(await sharedKubernetes());
    // kinds that a cluster has only where somebody installed them: of the Gateway API and of the Prometheus operator
    for (const name of DEFINITIONS) {
      const definition: KubeObject = parseDocument(readFileSync(definitionFile(name), 'utf8')).toJS();
      await kube.apply(definition);
      const { group, names, versions } = definition.spec;
      await eventually(
        () => kube.get(`/apis/${group}/${versions.at(-1).name}/${names.plural}`),
        (list) => list !== null,
        { timeout: 60_000, what: `the kind ${names.kind}` },
      );
    }
  }, 300_000);

  it.each([...CASES, 'knot scaffold'] as const)('takes every object of %s, fields and all', async (name) => {
    const text = name === 'knot scaffold' ? kubernetesScaffold() : await rendered('one', '--values', valuesFile(name));
    for (const object of documents(text)) {
      // the namespaces of the rendered objects are not made in a dry run
      const namespaced = !['Namespace', 'CustomResourceDefinition'].includes(object.kind);
      const there = { ...object, metadata: { ...object.metadata, ...(namespaced && { namespace: kube.namespace }) } };
      await kube.dryRun(there);
    }
  });
});
