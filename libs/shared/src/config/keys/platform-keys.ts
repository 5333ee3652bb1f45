import { BOOLEAN, PATH, SECRET, STRING, choice, key, url } from './key-spec.js';

/** Keys of what spaces can run on. */
export const PLATFORM_KEYS = [
  key('server.nomad.addr', url('http', 'https'), 'address of Nomad', {
    fallback: 'http://127.0.0.1:4646',
    fallbackNote: 'none where Kubernetes is switched on, or Nomad off',
  }),
  key('server.nomad.enabled', BOOLEAN, 'spaces on Nomad', { fallback: 'true' }),
  key('server.nomad.token', SECRET, 'token for Nomad'),
  key('server.nomad.namespace', STRING, 'namespace of spaces', { fallback: 'default' }),
  key('server.nomad.region', STRING, 'region of spaces', { fallbackNote: 'the one of addr' }),
  key('server.nomad.ca_file', PATH, "certificates trusted beside the system's, for Nomad"),
  key('server.nomad.cert_file', PATH, 'certificate shown to Nomad'),
  key('server.nomad.key_file', PATH, 'private key of that certificate'),
  key('server.kubernetes.enabled', BOOLEAN, 'spaces on Kubernetes', { fallback: 'false' }),
  key('server.kubernetes.kubeconfig', PATH, 'kubeconfig file', { fallbackNote: 'the account of the pod' }),
  key('server.kubernetes.context', STRING, 'context of that file', { fallbackNote: 'the current one' }),
  key('server.kubernetes.namespace', STRING, 'namespace of spaces', { fallback: 'knot' }),
  key('server.kubernetes.space_objects', BOOLEAN, 'each space as an object: `kubectl get spaces`', {
    fallback: 'false',
  }),
  key('server.docker.enabled', BOOLEAN, 'spaces on Docker or Podman of this machine', { fallback: 'false' }),
  key('server.docker.host', url('unix', 'http', 'https', 'tcp', 'npipe'), 'socket of Docker or Podman', {
    fallback: 'unix:///var/run/docker.sock',
  }),
  key('server.local.enabled', BOOLEAN, 'spaces as processes of this machine, no isolation', { fallback: 'false' }),
  key('server.local.path', PATH, 'folder of the spaces', { fallbackNote: 'local under server.data_path' }),
  key('server.local.users', choice('admin', 'all'), 'who may have such spaces', { fallback: 'admin' }),
];
