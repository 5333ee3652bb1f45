import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { eventually } from '../../tools/eventually.js';
import { freshNamespace, sharedKubernetes } from '../../tools/shared-kubernetes.js';
import { newSpec, SCOPE, soon, untilPresent } from './actor.js';
import { driverFor } from './harness.js';
import { deployment } from './manifests.js';

const ROOM = { cpu: '4', memory: '8Gi', pods: '10' };

it('a space whose node is not heard of any more is not called healthy, and says so', async () => {
  const kube = await freshNamespace(await sharedKubernetes());
  const driver = driverFor(kube, SCOPE);
  const name = `lost-${randomUUID().slice(0, 8)}`;
  const heard = () => [
    { type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: new Date().toISOString() },
  ];
  await kube.create({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { lost: name } },
    status: { capacity: ROOM, allocatable: ROOM, conditions: heard() },
  });
  // its kubelet, as long as it lives
  const beat = setInterval(() => {
    kube.patch('Node', name, { status: { conditions: heard() } }, 'v1', '/status').catch(() => undefined);
  }, 2_000);
  const spec = newSpec(deployment({ pod: `nodeSelector: { lost: ${name} }` }));
  await driver.apply(spec, '', soon());
  const [pod] = await eventually(
    () => kube.list('Pod', 'v1', `knot.dev/space=${spec.mark.space}`),
    (pods) => pods[0]?.spec.nodeName === name,
    { timeout: 120_000, what: 'the pod to be placed there' },
  );
  const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
    type,
    status: 'True',
  }));
  const state = { running: { startedAt: new Date().toISOString() } };
  const [container] = pod.spec.containers;
  const one = { name: container.name, image: container.image, imageID: 'x', ready: true, restartCount: 0, state };
  const status = { phase: 'Running', conditions, containerStatuses: [one] };
  await kube.patch('Pod', pod.metadata.name, { status }, 'v1', '/status');
  await untilPresent(driver, spec, 'healthy', ({ health }) => health === 'healthy');

  clearInterval(beat);
  const seen = await untilPresent(driver, spec, 'the node to be missed', ({ health }) => health !== 'healthy');
  expect(seen.health).toBe('unhealthy');
  expect(seen.trouble?.message).toBe(`Nothing is heard of the node ${name} it runs on.`);
  await driver.remove(spec.mark, soon());
  await kube.delete('Node', name);
});
