import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.js';
import { eventually } from './eventually.js';

const DOCKER = '/usr/bin/docker';

/** A real dockerd, in the mounts and process ids of another process, with whose process ids it ends. */
export interface Docker {
  /** For `DOCKER_HOST`, and for the endpoint of Nomad's plugin. */
  readonly endpoint: string;
  /** Runs the docker command; throws with what it printed when it fails. */
  run(...args: string[]): Promise<string>;
  /** Makes an image of a static busybox: no registry is asked for it. */
  importBusybox(tag: string): Promise<void>;
}

/**
 * Starts a dockerd beside the process `pid`. It has a network namespace of its own, so that its bridge is nobody else's;
 * images and containers lie in `folder`.
 */
export async function startDocker(pid: number, folder: string): Promise<Docker> {
  const place = join(folder, 'docker');
  mkdirSync(place, { recursive: true });
  const socket = join(place, 'docker.sock');
  const endpoint = `unix://${socket}`;
  const flags = [
    ...['--data-root', join(place, 'data'), '--exec-root', join(place, 'exec'), '--pidfile', join(place, 'pid')],
    ...['--host', endpoint, '--log-level', 'warn'],
    ...['--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false', '--userland-proxy=false'],
  ];
  const beside = ['--target', String(pid), '--mount', '--pid', '--', 'unshare', '--net'];
  const dockerd = await startChild('nsenter', [...beside, '/usr/sbin/dockerd', ...flags], { cwd: place });

  const docker: Docker = {
    endpoint,
    async run(...args) {
      const child = await startChild(DOCKER, ['--host', endpoint, ...args], { cwd: place });
      const { code } = await child.exited;
      if (code === 0) return child.output();
      throw new Error(
        `docker ${args.join(' ')} failed (${code}):\n${child.output()}\n${dockerd.output().slice(-3_000)}`,
      );
    },
    async importBusybox(tag) {
      const root = join(place, 'busybox');
      mkdirSync(join(root, 'bin'), { recursive: true });
      copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
      for (const name of ['sh', 'sleep', 'date', 'cat', 'echo']) symlinkSync('busybox', join(root, 'bin', name));
      const archive = join(place, 'busybox.tar');
      const tar = await startChild('tar', ['-C', root, '-cf', archive, '.']);
      if ((await tar.exited).code !== 0) throw new Error(`tar failed:\n${tar.output()}`);
      await docker.run('import', archive, tag);
    },
  };
  await eventually(() => docker.run('version'), Boolean, { timeout: 60_000, what: 'dockerd to answer' });
  return docker;
}
