import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../tools/eventually.js';
import { BUSYBOX, removeStaleCgroups, startKubernetes } from '../tools/kubernetes.js';

/** Processes that were started for a folder, wherever they are now. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(join('/proc', pid, 'environ'), 'utf8').includes(`FOLDER=${folder}`);
    } catch {
      return false;
    }
  });
}

it('is a whole cluster that runs pods, and kill -9 of its one process leaves nothing', async () => {
  const kubernetes = await startKubernetes();
  try {
    const client = kubernetes.client();
    const container = { name: 'main', image: BUSYBOX, imagePullPolicy: 'Never', command: ['sleep', '1000'] };
    await client.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'one' },
      spec: { containers: [container] },
    });
    await eventually(
      () => client.find('Pod', 'one'),
      (pod) => pod?.status?.phase === 'Running' && /^10\.89\./.test(pod.status.podIP),
      { timeout: 60_000, what: 'a running pod with an address' },
    );
    expect(processesOf(kubernetes.folder).length).toBeGreaterThan(6);
    process.kill(kubernetes.pid, 'SIGKILL');
    await eventually(
      () => processesOf(kubernetes.folder),
      (left) => left.length === 0,
      { timeout: 60_000, what: 'no process to be left' },
    );
    await expect(client.get('/readyz')).rejects.toThrow();
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(kubernetes.folder);
  } finally {
    await kubernetes.stop();
  }
  expect(existsSync(kubernetes.folder)).toBe(false);
  const name = kubernetes.folder.slice(kubernetes.folder.lastIndexOf('/') + 1);
  removeStaleCgroups((found) => found === name);
  expect(existsSync(join('/sys/fs/cgroup/memory', name))).toBe(false);
});
