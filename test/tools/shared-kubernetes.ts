import { randomUUID } from 'node:crypto';
import { afterAll } from 'vitest';
import { eventually } from './eventually.js';
import { KubeClient } from './kube-client.js';
import type { KubernetesAccess } from './kubernetes.js';
import { sharedServer } from './shared-server.js';

/** The Kubernetes of the whole test run. */
export function sharedKubernetes(): Promise<KubernetesAccess> {
  return sharedServer('kubernetes');
}

/** A client for a namespace made for this test file; all of it goes when the file ends. */
export async function freshNamespace(
  access: KubernetesAccess,
  labels: Record<string, string> = {},
): Promise<KubeClient> {
  const all = new KubeClient(access);
  const name = `test-${randomUUID().slice(0, 8)}`;
  await all.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  afterAll(() => all.delete('Namespace', name).catch(() => undefined));
  const client = all.in(name);
  await eventually(() => client.find('ServiceAccount', 'default'), Boolean, {
    timeout: 60_000,
    what: 'the account of a new namespace',
  });
  return client;
}
