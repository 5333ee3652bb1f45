import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployment } from '../e2e/kubernetes-driver/manifests.js';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import type { KubeClient } from '../tools/kube-client.js';
import { kubeconfig } from '../tools/kubernetes.js';
import { ON_FAKE_NODES } from '../tools/kwok.js';
import { freshFolder } from '../tools/processes.js';
import { startTcpProxy, type TcpProxy } from '../tools/tcp-proxy.js';
import type { BenchOptions } from './bench-options.js';
import { startCountingProxy } from './counting-proxy.js';
import { createKnotSide } from './knot-side.js';
import { nothingIsThere } from './kubernetes-peer.js';
import { profiled, type Product } from './measured-cluster.js';

const LOCATION = 'lon';

/** What a space is: one Deployment of one pod, on a node that is none. */
export const JOB = deployment({ pod: ON_FAKE_NODES.join('\n') });

/** An origin and a leaf as a user starts them, for one namespace; `api` is the leaf's way to the API server. */
export async function startKubernetesProduct(
  kube: KubeClient,
  options: BenchOptions,
): Promise<Product & { readonly api: TcpProxy }> {
  const origin = await startOrigin({ env: profiled(options, 'origin') });
  const [proxy, api] = [await startCountingProxy(origin.url), await startTcpProxy(kube.access.server)];
  const file = join(freshFolder('kubeconfig'), 'config');
  writeFileSync(file, kubeconfig({ ...kube.access, server: api.url }));
  const config = {
    // as the chart has it: a Nomad that nobody runs would be looked for all the time
    'server.nomad': {},
    'server.kubernetes.enabled': true,
    'server.kubernetes.kubeconfig': file,
    'server.kubernetes.namespace': kube.namespace,
  };
  const leaf = await startLeaf(proxy, { location: LOCATION, config, env: profiled(options, 'leaf') });
  await locationReady(origin, LOCATION, 'kubernetes');
  const template = { name: 'fake', platform: 'kubernetes' as const, job: JOB, exceptions: ['toleration:kwok'] };
  const side = await createKnotSide(origin, LOCATION, template, () => nothingIsThere(kube));
  return { origin, leaf, proxy, side, api };
}

export async function freshNamespace(all: KubeClient, name: string): Promise<KubeClient> {
  await all.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return all.in(name);
}
