import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';
import { rendered } from '../helm/helm.js';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { goProgram } from '../tools/go-part.js';
import type { KubeClient } from '../tools/kube-client.js';
import { freshFolder } from '../tools/processes.js';
import { freshNamespace, sharedKubernetes } from '../tools/shared-kubernetes.js';
import { kubeconfigFile, runningPods } from './kubernetes-driver/harness.js';
import { deployment } from './kubernetes-driver/manifests.js';

const PATIENCE = { timeout: 90_000 };
const CHART_VALUES = [
  ...['location=lon', 'origin.url=https://o.example', 'origin.existingSecret=s', 'spaces.objects.enabled=true'],
].flatMap((value) => ['--set', value]);

let kube: KubeClient;
let origin: Origin;
let config: string;

async function kubectl(...args: string[]): Promise<string> {
  const all = ['--kubeconfig', config, '--namespace', kube.namespace, ...args];
  return (await promisify(execFile)(goProgram('kubernetes', 'kubectl'), all)).stdout;
}

beforeAll(async () => {
  const access = await sharedKubernetes();
  kube = await freshNamespace(access);
  config = kubeconfigFile(access);
  const file = join(freshFolder('definition'), 'definition.yaml');
  writeFileSync(file, await rendered('lon', '--show-only', 'templates/definition.yaml', ...CHART_VALUES));
  await kubectl('apply', '-f', file);
  await kubectl('wait', '--for=condition=Established', '--timeout=60s', 'crd/spaces.knot.dev');
  origin = await startOrigin();
  await startLeaf(origin, {
    location: 'lon',
    config: {
      'server.kubernetes.enabled': true,
      'server.kubernetes.kubeconfig': config,
      'server.kubernetes.namespace': kube.namespace,
      'server.kubernetes.space_objects': true,
    },
  });
  await locationReady(origin, 'lon', 'kubernetes');
}, 180_000);

/** The words of each line that `kubectl get spaces` prints, without the name and the age. */
async function listed(): Promise<string[][]> {
  const lines = (await kubectl('get', 'spaces')).trim().split('\n').slice(1);
  return lines.map((line) => line.split(/\s+/)).map((words) => [...words.slice(1, 5), ...words.slice(6)]);
}

it('kubectl lists spaces, starts and stops them where the origin allows it, and deletes none', async () => {
  const template = await origin.api.createTemplate({ name: 'web', platform: 'kubernetes', job: deployment() });
  const { id } = await origin.api.createSpace('mine', template.id, 'lon');
  const name = `knot-${id}`;
  const shows = (phase: string) =>
    eventually(listed, ([words]) => words?.[3] === phase, { ...PATIENCE, what: `kubectl to say ${phase}` });
  const patch = (running: boolean) =>
    kubectl('patch', 'space', name, '--type=merge', '-p', JSON.stringify({ spec: { running } }));
  const answer = () => kubectl('get', 'space', name, '-o', 'jsonpath={.spec.running} {.status.answer}');

  // before its first start it has no template's name: that is frozen then
  const header = (
    await eventually(
      () => kubectl('get', 'spaces'),
      (text) => text.includes(name),
      PATIENCE,
    )
  ).split('\n')[0];
  expect(header?.trim().split(/\s+/)).toEqual(['NAME', 'SPACE', 'OWNER', 'TEMPLATE', 'PHASE', 'AGE', 'REASON']);

  await patch(true);
  const refused = await eventually(answer, (text) => text.includes('Refused'), { ...PATIENCE, what: 'the refusal' });
  expect(refused).toMatch(/^false Refused: .*knot locations policy lon --leaf-wishes yes/);
  const policy = { drivers: [], hostVolumes: [], leafWishes: true };
  await origin.api.request('PUT', '/locations/lon/policy', policy);

  await patch(true);
  const space = await origin.api.phase(id, 'Running', PATIENCE);
  expect((await shows('Running'))[0]?.slice(0, 4)).toEqual(['mine', 'ada', 'web', 'Running']);
  expect(await answer()).toBe('true ');
  const audit: { items: { actor: string }[] } = await origin.api.request('GET', '/audit?action=space.start');
  expect(audit.items.map(({ actor }) => actor)).toEqual(['location:lon by kubectl-patch']);

  // what shows a space is nothing of it: deleted it comes back, and what somebody writes there is put right
  await kubectl('delete', 'space', name);
  await shows('Running');
  await kubectl('patch', 'space', name, '--subresource=status', '--type=merge', '-p', '{"status":{"phase":"Gone"}}');
  await shows('Running');
  expect((await runningPods(kube, { space: id })).map(({ metadata }) => metadata.uid)).toEqual([space.instance]);

  await patch(false);
  await origin.api.phase(id, 'Stopped', PATIENCE);
  await shows('Stopped');
  expect(await runningPods(kube, { space: id })).toEqual([]);

  // likewise the other way round
  await origin.api.wish(id, 'start');
  await shows('Running');
  expect(await answer()).toBe('true ');
  await origin.api.deleteSpace(await origin.api.space(id));
  await origin.api.gone(id, PATIENCE);
  await eventually(listed, (lines) => lines.length === 0, { ...PATIENCE, what: 'its object to be gone' });
});
