import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubeClient, KubeObject } from '../tools/kube-client.js';
import { freshFolder, runKnot } from '../tools/processes.js';
import { freshNamespace, sharedKubernetes } from '../tools/shared-kubernetes.js';
import { rendered, valuesFile } from './helm.js';

const CASES = ['leaf', 'leaf-everything', 'origin', 'origin-everything', 'origin-mysql'] as const;

/** Kinds that a cluster has only where somebody installed them. */
const OTHERS = /^(gateway\.networking\.k8s\.io|monitoring\.coreos\.com)\//;

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
      '# origin and the location in the ConfigMap, make the namespace knot and in it a Secret lon-token with the key',
      '# shared-token, then: kubectl -n knot apply -f leaf.yaml',
    ];
    const text = await rendered('lon', '--values', valuesFile('leaf'));
    const plain = text.replaceAll('managed-by: Helm', 'managed-by: kubectl');
    await expect(`${head.join('\n')}\n${plain}`).toMatchFileSnapshot('../../deploy/kubernetes/leaf.yaml');
  });
});

describe('knot.yaml', () => {
  it.each(CASES)('of %s passes knot config check', async (name) => {
    const all = documents(await rendered('one', '--values', valuesFile(name)));
    const map = all.find(({ kind }) => kind === 'ConfigMap');
    const folder = freshFolder('chart');
    mkdirSync(join(folder, 'secrets'));
    mkdirSync(join(folder, 'mysql'));
    writeFileSync(join(folder, 'secrets/shared-token'), 'a-shared-token-of-the-tests');
    writeFileSync(join(folder, 'secrets/encrypt'), 'a-key-of-the-tests-that-is-long-enough');
    writeFileSync(join(folder, 'mysql/password'), 'a-password');
    const file = join(folder, 'knot.yaml');
    writeFileSync(file, String(map.data['knot.yaml']).replaceAll('/etc/knot/', `${folder}/`));
    const { code, output } = await runKnot(['config', 'check', '-c', file], { folder });
    expect(output).not.toMatch(/not known|warning/i);
    expect(code).toBe(0);
  });
});

describe('fails', () => {
  const LEAF = ['--set', 'location=lon', '--set', 'origin.url=https://o.example', '--set', 'origin.existingSecret=s'];
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
    [
      "an origin's metrics without a token",
      [...ORIGIN, '--set', 'metrics.serviceMonitor=true'],
      'to administrators only',
    ],
    ['a test of nothing', [...LEAF, '--set', 'tests.existingSecret=s'], 'needs tests.template'],
    ['a test by nobody', [...LEAF, '--set', 'tests.template=web'], 'needs tests.existingSecret'],
    ['spaces beside the leaf', [...LEAF, '--set', 'spaces.namespace=knot'], "apart from the release's own"],
    ['an unknown key', [...LEAF, '--set', 'locatoin=lon'], 'locatoin'],
    ['an unknown key further in', [...LEAF, '--set', 'image.tga=1'], 'tga'],
    ['an unknown mode', [...LEAF, '--set', 'mode=both'], 'mode'],
    ['a wrong type', [...LEAF, '--set', 'networkPolicy=often'], 'networkPolicy'],
  ])('%s', async (_what, args, sentence) => {
    await expect(rendered('lon', ...args)).rejects.toThrow(sentence);
  });
});

describe('a real API server', () => {
  let kube: KubeClient;

  beforeAll(async () => {
    kube = await freshNamespace(await sharedKubernetes());
  });

  it.each(CASES)('takes every object of %s, fields and all', async (name) => {
    for (const object of documents(await rendered('one', '--values', valuesFile(name)))) {
      if (OTHERS.test(object.apiVersion)) continue;
      // the namespaces of the rendered objects are not made in a dry run
      const namespaced = object.kind !== 'Namespace';
      const there = { ...object, metadata: { ...object.metadata, ...(namespaced && { namespace: kube.namespace }) } };
      await kube.dryRun(there);
    }
  });
});
