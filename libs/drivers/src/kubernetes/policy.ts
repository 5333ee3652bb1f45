import { KnotError } from '@knot/shared/errors';
import type { Policy } from '../driver.js';
import { isObject, objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import { podWishes } from './pod-policy.js';
import { podSpecOf, referencesOf } from './references.js';
import type { Wanted } from './rewrite.js';
import type { Wish } from './wish.js';

/** Throws `template.policy` naming the first thing in the rewritten objects that this location does not allow. */
export function checkPolicy(wanted: readonly Wanted[], claims: readonly string[], policy: Policy): void {
  const own = new Set([
    ...wanted.map(({ kind, name }) => `${kind.kind}/${name}`),
    ...claims.map((name) => `PersistentVolumeClaim/${name}`),
  ]);
  for (const { kind, object, name } of wanted) {
    for (const wish of wishesOf(object, own)) {
      if (wish.exception !== null && policy.exceptions.includes(wish.exception)) continue;
      throw refusal(`The ${kind.kind} ${name.replace(/^knot-[0-9a-f-]{36}-?/, '') || 'of the space'}`, wish);
    }
  }
}

function refusal(where: string, { what, exception }: Wish): KnotError {
  const hint =
    exception === null
      ? 'Leave it out of the template.'
      : `Leave it out, or ask an administrator to approve "${exception}" for this version of the template.`;
  const message = `${where} asks for ${what}, which this location does not allow.`;
  return new KnotError('template.policy', message, hint, { exception, where });
}

function* wishesOf(object: JsonObject, own: ReadonlySet<string>): Iterable<Wish> {
  for (const { kind, name } of referencesOf(object)) {
    if (own.has(`${kind}/${name}`)) continue;
    const exception = kind === 'PersistentVolumeClaim' || kind === 'Service' ? null : `${kind.toLowerCase()}:${name}`;
    yield { what: `the ${kind} ${JSON.stringify(name)}, which is not its own`, exception };
  }
  const pod = podSpecOf(object);
  if (pod) yield* podWishes(pod, annotationsOf(object));
  const spec = objectAt(object, 'spec');
  switch (object['kind']) {
    case 'Service':
      yield* serviceWishes(spec);
      break;
    case 'Secret':
      yield* secretWishes(object);
      break;
    case 'Ingress':
      // its host names and its controller's annotations reach beyond the namespace
      yield { what: 'an Ingress', exception: 'ingress' };
      break;
    case 'StatefulSet':
      if (objectsAt(spec, 'volumeClaimTemplates').length > 0) {
        yield {
          what: 'volumeClaimTemplates; write the claim into the volumes of the template instead',
          exception: null,
        };
      }
  }
}

/** Those of the pod, wherever they stand. */
function annotationsOf(object: JsonObject): JsonObject {
  return object['kind'] === 'Pod'
    ? objectAt(object, 'metadata', 'annotations')
    : objectAt(object, 'spec', 'template', 'metadata', 'annotations');
}

function* serviceWishes(spec: JsonObject): Iterable<Wish> {
  const type = textAt(spec, 'type') || 'ClusterIP';
  if (type !== 'ClusterIP') yield { what: `a Service of type ${type}`, exception: `service:${type}` };
  for (const field of ['externalIPs', 'loadBalancerIP', 'externalName']) {
    const value = spec[field];
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    yield { what: `a Service with ${field}`, exception: 'service:external' };
  }
}

const SECRET_TYPES = new Set([
  ...['', 'Opaque', 'kubernetes.io/basic-auth', 'kubernetes.io/ssh-auth', 'kubernetes.io/tls'],
  ...['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg'],
]);

function* secretWishes(secret: JsonObject): Iterable<Wish> {
  const type = textAt(secret, 'type');
  if (!SECRET_TYPES.has(type) || (secret['type'] !== undefined && typeof secret['type'] !== 'string')) {
    yield { what: `a Secret of type ${type}`, exception: null };
  }
  if (secret['data'] !== undefined && !isObject(secret['data']))
    yield { what: 'a Secret without keys', exception: null };
}
