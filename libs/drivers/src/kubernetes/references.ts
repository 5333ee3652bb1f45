import { isObject, listAt, objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import type { KindName } from './kinds.js';

/** A place in an object that names another object of its namespace. */
export interface Reference {
  readonly kind: KindName;
  readonly name: string;
  readonly rename: (name: string) => void;
}

/** The pod that an object runs, or null. The copy given here may be written to. */
export function podSpecOf(object: JsonObject): JsonObject | null {
  if (object['kind'] === 'Pod') return objectAt(object, 'spec');
  const template = objectAt(object, 'spec', 'template');
  return isObject(template['spec']) ? template['spec'] : null;
}

export function containersOf(pod: JsonObject): readonly JsonObject[] {
  return [...objectsAt(pod, 'initContainers'), ...objectsAt(pod, 'containers')];
}

/** Every reference of an object, each with a way to write another name in its place: into this very object. */
export function* referencesOf(object: JsonObject): Iterable<Reference> {
  const pod = podSpecOf(object);
  if (pod) yield* podReferences(pod);
  const spec = objectAt(object, 'spec');
  if (object['kind'] === 'StatefulSet') yield* at(spec, 'serviceName', 'Service');
  if (object['kind'] === 'Ingress') yield* ingressReferences(spec);
}

function* podReferences(pod: JsonObject): Iterable<Reference> {
  for (const pull of objectsAt(pod, 'imagePullSecrets')) yield* at(pull, 'name', 'Secret');
  for (const volume of objectsAt(pod, 'volumes')) {
    yield* at(objectAt(volume, 'configMap'), 'name', 'ConfigMap');
    yield* at(objectAt(volume, 'secret'), 'secretName', 'Secret');
    yield* at(objectAt(volume, 'persistentVolumeClaim'), 'claimName', 'PersistentVolumeClaim');
    for (const source of objectsAt(objectAt(volume, 'projected'), 'sources')) {
      yield* at(objectAt(source, 'configMap'), 'name', 'ConfigMap');
      yield* at(objectAt(source, 'secret'), 'name', 'Secret');
    }
  }
  for (const container of containersOf(pod)) {
    for (const from of objectsAt(container, 'envFrom')) {
      yield* at(objectAt(from, 'configMapRef'), 'name', 'ConfigMap');
      yield* at(objectAt(from, 'secretRef'), 'name', 'Secret');
    }
    for (const variable of objectsAt(container, 'env')) {
      yield* at(objectAt(variable, 'valueFrom', 'configMapKeyRef'), 'name', 'ConfigMap');
      yield* at(objectAt(variable, 'valueFrom', 'secretKeyRef'), 'name', 'Secret');
    }
  }
}

function* ingressReferences(spec: JsonObject): Iterable<Reference> {
  const backends = [objectAt(spec, 'defaultBackend')];
  for (const rule of objectsAt(spec, 'rules')) {
    backends.push(...objectsAt(objectAt(rule, 'http'), 'paths').map((path) => objectAt(path, 'backend')));
  }
  for (const backend of backends) yield* at(objectAt(backend, 'service'), 'name', 'Service');
  for (const tls of objectsAt(spec, 'tls')) yield* at(tls, 'secretName', 'Secret');
}

function* at(holder: JsonObject, key: string, kind: KindName): Iterable<Reference> {
  const name = textAt(holder, key);
  if (name === '') return;
  yield { kind, name, rename: (to) => void Object.assign(holder, { [key]: to }) };
}

/** Whether anything of a pod comes from a source that is listed as `listAt` finds it; for the policy. */
export function sourcesOf(volume: JsonObject): readonly string[] {
  return listAt(objectAt(volume, 'projected'), 'sources')
    .filter(isObject)
    .flatMap((source) => Object.keys(source));
}
