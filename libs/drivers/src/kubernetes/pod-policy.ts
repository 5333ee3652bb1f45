import { isObject, listAt, objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import { containersOf, sourcesOf } from './references.js';
import type { Wish } from './wish.js';

/** What a pod may hold without being asked about; any other field needs an exception, so that a new one does too. */
const PLAIN = new Set([
  ...['activeDeadlineSeconds', 'affinity', 'automountServiceAccountToken', 'containers', 'dnsConfig', 'dnsPolicy'],
  ...['enableServiceLinks', 'hostAliases', 'hostIPC', 'hostNetwork', 'hostPID', 'hostname', 'imagePullSecrets'],
  ...['initContainers', 'nodeSelector', 'os', 'preemptionPolicy', 'readinessGates', 'restartPolicy', 'securityContext'],
  ...['serviceAccount', 'serviceAccountName', 'setHostnameAsFQDN', 'shareProcessNamespace', 'subdomain', 'resources'],
  ...['terminationGracePeriodSeconds', 'tolerations', 'topologySpreadConstraints', 'volumes', 'hostUsers'],
  ...['nodeName', 'schedulerName', 'runtimeClassName', 'priorityClassName', 'priority', 'resourceClaims'],
]);

/** Pod Security's baseline. */
const CAPABILITIES = new Set([
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP'],
  ...['SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
]);
const SYSCTLS = new Set([
  ...['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_unprivileged_port_start'],
  ...['net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_local_reserved_ports'],
]);
const VOLUMES = new Set(['emptyDir', 'configMap', 'secret', 'projected', 'downwardAPI', 'persistentVolumeClaim']);
const RESOURCES = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

export function* podWishes(pod: JsonObject, annotations: JsonObject): Iterable<Wish> {
  for (const [field, what, exception] of [
    ['hostNetwork', 'the network of the host', 'host-network'],
    ['hostPID', 'the processes of the host', 'host-pid'],
    ['hostIPC', 'the shared memory of the host', 'host-ipc'],
  ] as const) {
    if (isSet(pod[field])) yield { what, exception };
  }
  if (isSet(pod['automountServiceAccountToken'])) yield { what: 'a token of the API server', exception: 'api-token' };
  for (const field of ['serviceAccountName', 'serviceAccount']) {
    const account = textAt(pod, field);
    if (account !== '' && account !== 'default') {
      yield { what: `the service account ${account}`, exception: `service-account:${account}` };
    }
  }
  for (const field of ['nodeName', 'schedulerName', 'runtimeClassName', 'priorityClassName', 'priority']) {
    if (isSet(pod[field])) yield { what: `${field} ${String(pod[field])}`, exception: field };
  }
  if (isSet(pod['resourceClaims'])) yield { what: 'devices (resourceClaims)', exception: 'devices' };
  for (const toleration of objectsAt(pod, 'tolerations')) {
    const key = textAt(toleration, 'key');
    yield {
      what: `nodes that are kept free (the toleration ${key || 'of all taints'})`,
      exception: `toleration:${key}`,
    };
  }
  for (const field of Object.keys(pod)) {
    if (!PLAIN.has(field)) yield { what: `the field ${field} of a pod`, exception: `pod:${field}` };
  }
  for (const [key, value] of Object.entries(annotations)) {
    if (/^(container\.)?(apparmor|seccomp)\.security\./.test(key) && value !== 'runtime/default') {
      yield { what: `the annotation ${key}`, exception: 'unconfined' };
    }
  }
  yield* securityWishes(objectAt(pod, 'securityContext'));
  for (const volume of objectsAt(pod, 'volumes')) yield* volumeWishes(volume);
  for (const container of containersOf(pod)) yield* containerWishes(container);
}

function* volumeWishes(volume: JsonObject): Iterable<Wish> {
  for (const type of Object.keys(volume)) {
    if (type === 'name' || VOLUMES.has(type)) continue;
    const path = type === 'hostPath' ? textAt(objectAt(volume, type), 'path') : '';
    if (path !== '') yield { what: `the host's path ${path}`, exception: `host-path:${path}` };
    else yield { what: `a volume of type ${type}`, exception: `volume:${type}` };
  }
  for (const source of sourcesOf(volume)) {
    if (source === 'serviceAccountToken') yield { what: 'a token of the API server', exception: 'api-token' };
    else if (!['configMap', 'secret', 'downwardAPI'].includes(source)) {
      yield { what: `a projected volume from ${source}`, exception: `volume:${source}` };
    }
  }
}

function* containerWishes(container: JsonObject): Iterable<Wish> {
  yield* securityWishes(objectAt(container, 'securityContext'));
  for (const port of objectsAt(container, 'ports')) {
    if (isSet(port['hostPort'])) yield { what: `the host's port ${String(port['hostPort'])}`, exception: 'host-port' };
  }
  for (const probe of probesOf(container)) {
    for (const check of ['httpGet', 'tcpSocket']) {
      const host = textAt(objectAt(probe, check), 'host');
      if (host !== '') yield { what: `the node to call ${host}`, exception: 'probe-host' };
    }
  }
  const { limits, requests, claims } = objectAt(container, 'resources');
  for (const name of [limits, requests].filter(isObject).flatMap(Object.keys)) {
    if (!RESOURCES.test(name)) yield { what: `the device ${name}`, exception: `device:${name}` };
  }
  if (isSet(claims)) yield { what: 'devices (resources.claims)', exception: 'devices' };
}

/** What the kubelet calls from the node, where no NetworkPolicy of the spaces counts. */
function probesOf(container: JsonObject): readonly JsonObject[] {
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].map((name) => objectAt(container, name));
  const hooks = ['postStart', 'preStop'].map((name) => objectAt(container, 'lifecycle', name));
  return [...probes, ...hooks];
}

/** The same fields at a pod and at a container of it. */
function* securityWishes(context: JsonObject): Iterable<Wish> {
  if (isSet(context['privileged'])) yield { what: 'to be privileged', exception: 'privileged' };
  for (const name of listAt(objectAt(context, 'capabilities'), 'add')) {
    const capability = String(name).replace(/^CAP_/, '');
    if (!CAPABILITIES.has(capability)) {
      yield { what: `the capability ${capability}`, exception: `capability:${capability}` };
    }
  }
  const procMount = textAt(context, 'procMount');
  if (procMount !== '' && procMount !== 'Default') yield { what: `procMount ${procMount}`, exception: 'proc-mount' };
  for (const field of ['seccompProfile', 'appArmorProfile']) {
    if (textAt(objectAt(context, field), 'type') === 'Unconfined') {
      yield { what: `${field} Unconfined`, exception: 'unconfined' };
    }
  }
  if (isSet(context['seLinuxOptions'])) yield { what: 'seLinuxOptions', exception: 'selinux' };
  if (isSet(context['windowsOptions'])) yield { what: 'windowsOptions', exception: 'windows' };
  for (const sysctl of objectsAt(context, 'sysctls')) {
    const name = textAt(sysctl, 'name');
    if (!SYSCTLS.has(name)) yield { what: `the kernel setting ${name}`, exception: `sysctl:${name}` };
  }
}

/** Null, '', false, 0, [] and {} are how "not asked for" is written. */
function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isObject(value)) return Object.keys(value).length > 0;
  return value !== undefined && value !== null && value !== '' && value !== false && value !== 0;
}
