import { KnotError } from '@knot/shared/errors';
import type { Policy } from '../driver.js';
import { containerWishes, isolatedWishes } from './driver-config.js';
import { flagAt, isObject, objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import { fetchWishes } from './fetch-wishes.js';
import type { Wish } from './wish.js';

interface Own {
  readonly space: string;
  /** Real names of the space's own volumes. */
  readonly volumes: ReadonlySet<string>;
}

/** Throws `template.policy` naming the first thing in a rewritten job that this location does not allow. */
export function checkPolicy(job: JsonObject, policy: Policy, own: Own): void {
  for (const { where, wish } of wishesOf(job, policy, own)) {
    if (wish.exception !== null && policy.exceptions.includes(wish.exception)) continue;
    const hint =
      wish.exception === null
        ? 'Leave it out of the template.'
        : `Leave it out, or ask an administrator to approve "${wish.exception}" for this version of the template.`;
    const message = `${where} asks for ${wish.what}, which this location does not allow.`;
    throw new KnotError('template.policy', message, hint, { exception: wish.exception, where });
  }
}

type Placed = { readonly where: string; readonly wish: Wish };

function* wishesOf(job: JsonObject, policy: Policy, own: Own): Iterable<Placed> {
  yield* at('The job', jobWishes(job));
  for (const group of objectsAt(job, 'TaskGroups')) {
    yield* at(`Group ${JSON.stringify(textAt(group, 'Name'))}`, groupWishes(group, policy, own));
    for (const task of objectsAt(group, 'Tasks')) {
      yield* at(`Task ${JSON.stringify(textAt(task, 'Name'))}`, taskWishes(task, group, policy, own));
    }
  }
}

function* at(where: string, wishes: Iterable<Wish>): Iterable<Placed> {
  for (const wish of wishes) yield { where, wish };
}

function* jobWishes(job: JsonObject): Iterable<Wish> {
  const type = textAt(job, 'Type') || 'service';
  if (type !== 'service' && type !== 'batch') yield { what: `the job type ${type}`, exception: null };
  for (const [field, what] of [
    ['Periodic', 'a periodic job'],
    ['ParameterizedJob', 'a parameterized job'],
    ['Multiregion', 'several regions'],
    ['ConsulToken', 'a Consul token of its own'],
    ['VaultToken', 'a Vault token of its own'],
  ] as const) {
    if (isSet(job[field])) yield { what, exception: null };
  }
  for (const field of ['ParentID', 'Payload', 'DispatchIdempotencyToken', 'Dispatched']) {
    if (isSet(job[field])) yield { what: `${field}, which is Nomad's own`, exception: null };
  }
  if (isSet(job['ConsulNamespace'])) yield { what: 'a Consul namespace', exception: 'consul' };
  if (isSet(job['VaultNamespace'])) yield { what: 'a Vault namespace', exception: 'vault' };
}

function* groupWishes(group: JsonObject, policy: Policy, own: Own): Iterable<Wish> {
  if (isSet(group['Consul'])) yield { what: 'a Consul identity', exception: 'consul' };
  if (isSet(group['Scaling'])) yield { what: 'a scaling policy', exception: 'scaling' };
  for (const network of objectsAt(group, 'Networks')) {
    const mode = textAt(network, 'Mode');
    if (mode === 'host') yield { what: 'the network of the host', exception: 'host-network' };
    else if (!['', 'bridge', 'none'].includes(mode)) {
      yield { what: `the network ${mode}`, exception: `network:${mode}` };
    }
  }
  for (const request of Object.values(objectAt(group, 'Volumes')).filter(isObject)) {
    yield* volumeWishes(request, policy, own);
  }
  yield* serviceWishes(group);
}

function* volumeWishes(request: JsonObject, policy: Policy, own: Own): Iterable<Wish> {
  const source = textAt(request, 'Source');
  const host = (textAt(request, 'Type') || 'host') === 'host';
  if (flagAt(request, 'PerAlloc')) yield { what: `a volume per allocation (${source})`, exception: null };
  if (own.volumes.has(source) || (host && policy.hostVolumes.includes(source))) return;
  if (host) yield { what: `the host volume ${JSON.stringify(source)}`, exception: `host-volume:${source}` };
  else yield { what: `the volume ${JSON.stringify(source)}, which is not its own`, exception: null };
}

function* serviceWishes(of: JsonObject): Iterable<Wish> {
  for (const service of objectsAt(of, 'Services')) {
    if (isSet(service['Connect'])) yield { what: 'Consul Connect', exception: 'connect' };
  }
}

function* taskWishes(task: JsonObject, group: JsonObject, policy: Policy, own: Own): Iterable<Wish> {
  const driver = textAt(task, 'Driver');
  if (!policy.drivers.includes(driver)) yield { what: `the driver ${driver}`, exception: `driver:${driver}` };
  const config = objectAt(task, 'Config');
  if (driver === 'docker' || driver === 'podman') yield* containerWishes(config, own.space);
  if (driver === 'exec' || driver === 'exec2' || driver === 'java') {
    yield* isolatedWishes(config);
    const modes = objectsAt(group, 'Networks').map((network) => textAt(network, 'Mode'));
    // These drivers run in the host's network unless the group has one of its own; an explicit "host" is told above.
    if (!modes.some((mode) => mode !== '')) yield { what: 'the network of the host', exception: 'host-network' };
  }
  for (const [field, what, exception] of [
    ['Vault', 'a Vault token', 'vault'],
    ['Consul', 'a Consul identity', 'consul'],
    ['Secrets', 'secrets of the orchestrator', 'secrets'],
    ['Identity', 'a workload identity', 'identity'],
    ['Identities', 'a workload identity', 'identity'],
    ['CSIPluginConfig', 'to be a CSI plugin', 'csi-plugin'],
    ['Kind', 'to be a proxy of Consul Connect', 'connect'],
    ['ScalingPolicies', 'a scaling policy', 'scaling'],
  ] as const) {
    if (isSet(task[field])) yield { what, exception };
  }
  for (const device of objectsAt(objectAt(task, 'Resources'), 'Devices')) {
    const name = textAt(device, 'Name');
    yield { what: `the device ${name}`, exception: `device:${name}` };
  }
  yield* serviceWishes(task);
  yield* fetchWishes(task);
}

/** Null, '', false, [] and {} are how "not asked for" is written. */
function isSet(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isObject(value) ? true : value !== undefined && value !== null && value !== '' && value !== false;
}
