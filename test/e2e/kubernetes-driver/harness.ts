import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKubernetesDriver, type Driver, type KubernetesOptions, type Policy } from '@knot/drivers';
import type { DriverHarness } from '@knot/drivers/conformance';
import { backendName, type Mark, type Scope } from '@knot/domain';
import { systemClock } from '@knot/shared';
import type { KubeClient, KubeObject } from '../../tools/kube-client.js';
import { kubeconfig, type KubernetesAccess } from '../../tools/kubernetes.js';
import { freshFolder } from '../../tools/processes.js';
import { startTcpProxy } from '../../tools/tcp-proxy.js';
import { barePod, deployment } from './manifests.js';

export const POLICY: Policy = { drivers: [], hostVolumes: [], exceptions: [] };

const VOLUMES = `
volumes:
  - name: home
    size: 1Gi
  - name: data-{{space}}
    size: 100Mi
    access_modes: [ReadWriteOnce]
`;

const WITH_VOLUMES = deployment({
  container: 'volumeMounts:\n  - { name: home, mountPath: /home }\n  - { name: data, mountPath: /data }',
  pod: 'volumes:\n  - { name: home, persistentVolumeClaim: { claimName: home } }\n  - { name: data, persistentVolumeClaim: { claimName: "data-{{space}}" } }',
});

/** A kubeconfig in a file, as people have it. */
export function kubeconfigFile(access: Parameters<typeof kubeconfig>[0]): string {
  const file = join(freshFolder('kubeconfig'), 'config');
  writeFileSync(file, kubeconfig(access));
  return file;
}

export function driverFor(client: KubeClient, scope: Scope, further: Partial<KubernetesOptions> = {}): Driver {
  return createKubernetesDriver({
    scope,
    kubeconfig: kubeconfigFile(client.access),
    namespace: client.namespace,
    clock: systemClock,
    ...further,
  });
}

/** The pods of a space that run, past knot. */
export async function runningPods(client: KubeClient, { space }: Pick<Mark, 'space'>): Promise<KubeObject[]> {
  const pods = await client.list('Pod', 'v1', `knot.dev/space=${space}`);
  return pods.filter(({ metadata, status }) => status.phase === 'Running' && !metadata.deletionTimestamp);
}

export async function harnessFor(client: KubeClient, { folder }: KubernetesAccess): Promise<DriverHarness> {
  const proxy = await startTcpProxy(client.access.server);
  const ending = new AbortController();
  const file = kubeconfigFile({ ...client.access, server: proxy.url });
  const hostPath = async (claim: string) => {
    const found = await client.find('PersistentVolumeClaim', claim);
    if (!found?.spec.volumeName) return '';
    const volume = await client.find('PersistentVolume', found.spec.volumeName);
    return String(volume?.spec.hostPath?.path ?? '').replace('/tmp/hostpath_pv', join(folder, 'pv'));
  };
  return {
    open: (scope) => {
      const driver = driverFor(client, scope, { kubeconfig: file });
      // as at a leaf: what is looked at is followed
      void driver.watch(() => undefined, ending.signal);
      return driver;
    },
    policy: POLICY,
    jobs: {
      running: deployment(),
      changed: deployment({ run: 'exec sleep 200000' }),
      exits: (code) => barePod({ run: `sleep 0.3; exit ${code}` }),
      neverHealthy: deployment({ run: 'echo no luck today; exit 4' }),
      invalid: deployment({}, 'replicsa: 2'),
      policyViolating: { job: deployment({ pod: 'hostNetwork: true' }), names: 'network of the host' },
    },
    volumes: { text: VOLUMES, job: WITH_VOLUMES, names: ['home', 'data-{{space}}'] },
    world: {
      kill: async (mark) => {
        for (const { metadata } of await runningPods(client, mark)) await client.delete('Pod', metadata.name, 'v1', 0);
      },
      editBehindBack: async ({ space }) => {
        await client.patch(
          'Deployment',
          backendName(space),
          {
            spec: {
              template: {
                spec: {
                  restartPolicy: null,
                  containers: [
                    {
                      name: 'main',
                      image: 'knot.test/busybox:1',
                      imagePullPolicy: 'Never',
                      command: ['sh', '-c', 'exec sleep 300000'],
                    },
                  ],
                },
              },
            },
          },
          'apps/v1',
        );
      },
      makeForeign: async ({ space }) => {
        await client.create({
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: backendName(space), labels: THEIRS },
          spec: {
            replicas: 0,
            selector: { matchLabels: THEIRS },
            template: { metadata: { labels: THEIRS }, spec: FOREIGN },
          },
        });
      },
      foreignStands: async ({ space }) => {
        const found = await client.find('Deployment', backendName(space), 'apps/v1');
        return (
          found !== null &&
          !found.metadata.deletionTimestamp &&
          JSON.stringify(found.metadata.labels) === JSON.stringify(THEIRS)
        );
      },
      countRunning: async (mark) => (await runningPods(client, mark)).length,
      data: {
        write: async ({ backendId }, text) => {
          for (let tries = 0; (await hostPath(backendId)) === '' && tries < 100; tries += 1) {
            await new Promise((resolve) => setTimeout(resolve, 100));
          }
          writeFileSync(join(await hostPath(backendId), 'file'), text);
        },
        read: async ({ backendId }) => {
          const folderOf = await hostPath(backendId);
          const path = join(folderOf, 'file');
          return folderOf !== '' && existsSync(path) ? readFileSync(path, 'utf8') : null;
        },
      },
      cutWatches: async () => {
        proxy.cut();
        proxy.pass();
      },
    },
    withinMs: 60_000,
    close: async () => {
      ending.abort();
      proxy.close();
    },
  };
}

const THEIRS = { theirs: 'yes' };

const FOREIGN = {
  terminationGracePeriodSeconds: 0,
  containers: [{ name: 'main', image: 'knot.test/busybox:1', imagePullPolicy: 'Never', command: ['sleep', '100000'] }],
};
