import { backendName } from '@knot/domain';
import type { WorkloadSpec } from '../driver.js';
import { listAt, objectAt, objectsAt, type JsonObject } from './json.js';
import { KINDS } from './kinds.js';
import { labelsOf } from './mark.js';
import { podSpecOf } from './references.js';
import { marksOf, signed, type Wanted } from './rewrite.js';

/**
 * The environment of a space lies in a Secret that its containers take it from: the join secret is in no text that
 * whoever may read pods sees. A name that no document of a template can come to have.
 */
export function withEnvironment(
  wanted: readonly Wanted[],
  spec: Pick<WorkloadSpec, 'mark' | 'display' | 'environment'>,
  namespace: string,
): readonly Wanted[] {
  const { mark, environment } = spec;
  if (environment === undefined) return wanted;
  const name = `${backendName(mark.space)}.env`;
  const encoded = ([key, value]: [string, string]): [string, string] => [key, Buffer.from(value).toString('base64')];
  const secret = {
    apiVersion: KINDS.Secret.apiVersion,
    kind: KINDS.Secret.kind,
    metadata: { name, namespace, labels: labelsOf(mark), annotations: marksOf(spec) },
    data: Object.fromEntries(Object.entries(environment).map(encoded)),
  };
  return [{ kind: KINDS.Secret, name, hash: '', object: secret }, ...wanted.map((one) => taking(one, name))];
}

function taking(wanted: Wanted, secret: string): Wanted {
  const pod = podSpecOf(wanted.object);
  if (!pod) return wanted;
  const from = { secretRef: { name: secret } };
  const given = (container: JsonObject) => ({ ...container, envFrom: [...listAt(container, 'envFrom'), from] });
  const spec = {
    ...pod,
    containers: objectsAt(pod, 'containers').map(given),
    ...(Array.isArray(pod['initContainers']) && { initContainers: objectsAt(pod, 'initContainers').map(given) }),
  };
  return signed(wanted.kind, wanted.name, withPodSpec(wanted.object, spec));
}

function withPodSpec(object: JsonObject, pod: JsonObject): JsonObject {
  if (object['kind'] === 'Pod') return { ...object, spec: pod };
  const spec = objectAt(object, 'spec');
  const template = objectAt(spec, 'template');
  return { ...object, spec: { ...spec, template: { ...template, spec: pod } } };
}
