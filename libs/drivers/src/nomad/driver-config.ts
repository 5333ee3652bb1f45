import { listAt, objectsAt, textAt, textsAt, type JsonObject } from './json.js';
import type { Wish } from './wish.js';

/** Keys of a container's config that reach nothing beyond the container. Every other key needs an exception. */
const HARMLESS = new Set([
  ...['image', 'command', 'args', 'entrypoint', 'work_dir', 'working_dir', 'hostname', 'labels', 'init', 'init_path'],
  ...['tty', 'interactive', 'ports', 'port_map', 'auth', 'auth_soft_fail', 'force_pull', 'image_pull_timeout'],
  ...['dns', 'dns_servers', 'dns_options', 'dns_search_domains', 'extra_hosts', 'network_aliases', 'mac_address'],
  ...['ipv4_address', 'ipv6_address', 'advertise_ipv6_address', 'shm_size', 'ulimit', 'pids_limit', 'cap_drop'],
  ...['readonly_rootfs', 'tmpfs', 'memory_hard_limit', 'memory_reservation', 'memory_swap', 'memory_swappiness'],
  ...[
    'cpu_hard_limit',
    'cpu_cfs_period',
    'cpuset_cpus',
    'healthchecks',
    'load',
    'logging',
    'container_exists_attempts',
  ],
  ...['oom_score_adj', 'stop_signal', 'isolation', 'storage_opt', 'sysctl', 'group_add', 'extra_labels', 'privileged'],
  ...['network_mode', 'volumes', 'mount', 'mounts'],
]);

/** docker and podman. */
export function* containerWishes(config: JsonObject, space: string): Iterable<Wish> {
  for (const [key, value] of Object.entries(config)) {
    if (HARMLESS.has(key) || isEmpty(value)) continue;
    yield { what: `${key} of its container`, exception: `docker:${key}` };
  }
  const privileged = config['privileged'];
  if (privileged !== undefined && privileged !== null && privileged !== false && privileged !== 'false') {
    yield { what: 'a privileged container', exception: 'privileged' };
  }
  yield* networkWishes(textAt(config, 'network_mode'));
  for (const volume of textsAt(config, 'volumes')) yield* bindWishes(volume.split(':')[0] ?? '');
  for (const mount of [...objectsAt(config, 'mount'), ...objectsAt(config, 'mounts')]) yield* mountWishes(mount, space);
  if (listAt(config, 'volumes').some((volume) => typeof volume !== 'string')) {
    yield { what: 'volumes of its container that are no texts', exception: null };
  }
}

function* networkWishes(mode: string): Iterable<Wish> {
  if (mode === 'host') yield { what: 'the network of the host', exception: 'host-network' };
  // `container:x`, `task:x`, `ns:/path` and named networks lead into what is not the space's own
  else if (!['', 'bridge', 'default', 'none', 'slirp4netns'].includes(mode)) {
    yield { what: `the network ${mode}`, exception: `network:${mode}` };
  }
}

/** A relative path lies in the task's own folder. */
function* bindWishes(source: string): Iterable<Wish> {
  if (!source.startsWith('/') && !source.startsWith('~') && !source.includes('..') && !source.includes('$')) return;
  yield { what: `the path ${JSON.stringify(source)} of the host`, exception: 'host-path' };
}

function* mountWishes(mount: JsonObject, space: string): Iterable<Wish> {
  const [type, source] = [textAt(mount, 'type') || 'volume', textAt(mount, 'source')];
  switch (type) {
    case 'tmpfs':
      return;
    case 'bind':
      yield* bindWishes(source);
      return;
    case 'volume': {
      if (hasDriver(mount)) yield { what: 'a volume driver of Docker', exception: 'docker:volume_driver' };
      if (source !== '' && !source.includes(space)) {
        const what = `the Docker volume ${JSON.stringify(source)}, which is not its own`;
        yield { what, exception: `docker-volume:${source}` };
      }
      return;
    }
    default:
      yield { what: `a mount of type ${type}`, exception: `docker:mount-${type}` };
  }
}

/** HCL blocks arrive as an object or as a list of one; either way the key is there. */
function hasDriver(mount: JsonObject): boolean {
  return JSON.stringify(mount['volume_options'] ?? null).includes('"driver_config":');
}

/** exec, exec2 and java. */
export function* isolatedWishes(config: JsonObject): Iterable<Wish> {
  for (const key of ['pid_mode', 'ipc_mode']) {
    const mode = textAt(config, key);
    if (mode !== '' && mode !== 'private') yield { what: `${key} ${mode}`, exception: 'privileged' };
  }
  for (const key of ['cap_add', 'unveil', 'jvm_options_file']) {
    if (!isEmpty(config[key])) yield { what: `${key} of its task`, exception: `exec:${key}` };
  }
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || value === '' || value === false;
}
