import { hash } from 'node:crypto';
import { backendName } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { WorkloadSpec } from '../driver.js';
import type { Claim } from './claims.js';
import { asObject, canonical, isObject, objectAt, textAt, type JsonObject } from './json.js';
import { KINDS, type Kind } from './kinds.js';
import { rejected, type Manifest } from './manifest-text.js';
import { ANNOTATION, LABEL, labelsOf, PREFIX } from './mark.js';
import { podSpecOf, referencesOf } from './references.js';

/** An object as it is to be at the API server. */
export interface Wanted {
  readonly kind: Kind;
  readonly name: string;
  readonly object: JsonObject;
  /** Hash of all that was asked for; stands in the object's annotations too. '' where what it holds tells no drift. */
  readonly hash: string;
}

/** Labels of pods and the names of Services and StatefulSets hold no more. */
const MAX_NAME = 63;

/**
 * A template's documents as this space's: named and marked for it, in this location's namespace, what they refer to
 * under its real name, their selectors bound to the space. The first that runs pods bears the space's own name. Pure.
 */
export function rewriteManifests(
  manifests: readonly Manifest[],
  claims: readonly Claim[],
  spec: Pick<WorkloadSpec, 'mark' | 'display'>,
  namespace: string,
): readonly Wanted[] {
  const own = manifests.filter(({ kind }) => kind !== KINDS.PersistentVolumeClaim);
  const main = own.find(({ kind }) => kind.runs);
  if (!main) throw rejected('job', 'Nothing in it runs: a Pod, Deployment, StatefulSet or Job is needed.');
  const names = new Map<string, string>();
  for (const manifest of own) {
    names.set(`${manifest.kind.kind}/${manifest.name}`, realName(manifest, main, spec.mark.space));
  }
  for (const { name, backendId } of claims) names.set(`PersistentVolumeClaim/${name}`, backendId);
  const order = Object.values(KINDS);
  return own
    .toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
    .map((manifest) => wantedOf(manifest, names, spec, namespace));
}

function realName({ kind, name, line }: Manifest, main: Manifest, space: string): string {
  const real = kind === main.kind && name === main.name ? backendName(space) : `${backendName(space)}-${name}`;
  if (real.length <= MAX_NAME) return real;
  const most = MAX_NAME - backendName(space).length - 1;
  throw rejected(
    'job',
    `The name ${name} is too long: ${most} characters at most, since the space's goes before it.`,
    line,
  );
}

function wantedOf(
  { kind, name, line, object }: Manifest,
  names: ReadonlyMap<string, string>,
  spec: Pick<WorkloadSpec, 'mark' | 'display'>,
  namespace: string,
): Wanted {
  checkMetadata(kind, name, line, objectAt(object, 'metadata'), namespace);
  // its pods get their finalizers from here, and nobody could end them
  checkKeys(`metadata of the pods of the ${kind.kind} ${name}`, line, objectAt(object, 'spec', 'template', 'metadata'));
  const real = names.get(`${kind.kind}/${name}`) ?? name;
  const copy = structuredClone(object);
  for (const reference of referencesOf(copy)) {
    const known = names.get(`${reference.kind}/${reference.name}`);
    if (known !== undefined) reference.rename(known);
  }
  const { status: _status, metadata: _metadata, ...rest } = copy;
  const metadata = {
    name: real,
    namespace,
    labels: { ...ownTexts(object, 'labels'), ...labelsOf(spec.mark) },
    annotations: { ...ownTexts(object, 'annotations'), ...marksOf(spec) },
  };
  const whole = { ...bound(kind, rest, labelsOf(spec.mark)), apiVersion: kind.apiVersion, kind: kind.kind, metadata };
  return signed(kind, real, whole);
}

/** With the hash of all that is asked for in its annotations. */
export function signed(kind: Kind, name: string, object: JsonObject): Wanted {
  const applied = hash('sha256', JSON.stringify(canonical(object))).slice(0, 32);
  const metadata = objectAt(object, 'metadata');
  const annotations = { ...objectAt(metadata, 'annotations'), [ANNOTATION.applied]: applied };
  return { kind, name, hash: applied, object: { ...object, metadata: { ...metadata, annotations } } };
}

export function marksOf({ mark, display }: Pick<WorkloadSpec, 'mark' | 'display'>): Readonly<Record<string, string>> {
  return {
    [ANNOTATION.installation]: mark.installation,
    [ANNOTATION.location]: mark.location,
    [ANNOTATION.owner]: display.owner,
    [ANNOTATION.name]: display.space,
  };
}

const METADATA = new Set(['name', 'namespace', 'labels', 'annotations']);

function checkMetadata(kind: Kind, name: string, line: number, metadata: JsonObject, namespace: string): void {
  const asked = textAt(metadata, 'namespace');
  if (asked !== '' && asked !== namespace) {
    throw new KnotError(
      'template.policy',
      `The ${kind.kind} ${name} asks for the namespace ${asked}; this location works in ${namespace}.`,
      'Leave it out of the template.',
      { asked: `namespace:${asked}` },
    );
  }
  checkKeys(`metadata of the ${kind.kind} ${name}`, line, metadata);
}

function checkKeys(what: string, line: number, metadata: JsonObject): void {
  const odd = Object.keys(metadata).find((key) => !METADATA.has(key) && key !== 'creationTimestamp');
  if (odd === undefined) return;
  throw rejected('job', `${odd} in the ${what} is not the template's to set.`, line);
}

/** Without what stands under our prefix: that is not a template's to say. */
function ownTexts(object: JsonObject, key: 'labels' | 'annotations'): JsonObject {
  const texts = objectAt(object, 'metadata', key);
  return Object.fromEntries(Object.entries(texts).filter(([name]) => !name.startsWith(PREFIX)));
}

/** Selectors see this space's pods only, and pods bear what they select by. */
function bound(kind: Kind, object: JsonObject, labels: Readonly<Record<string, string>>): JsonObject {
  const space = { [LABEL.space]: labels[LABEL.space] };
  const spec = objectAt(object, 'spec');
  switch (kind.kind) {
    case 'Pod':
      return { ...object, spec: { automountServiceAccountToken: false, ...spec } };
    case 'Deployment':
    case 'StatefulSet': {
      // a volume can rarely be mounted twice, and a space is one: the old is ended before the new is begun
      const strategy = kind.kind === 'Deployment' && { strategy: spec['strategy'] ?? { type: 'Recreate' } };
      const selector = boundSelector(spec, space);
      return { ...object, spec: { ...spec, ...strategy, selector, template: podTemplate(spec, labels) } };
    }
    case 'Job': {
      // one that brings a selector of its own takes over every pod it fits that has no controller, whosever it is
      const selector = isObject(spec['selector']) && { selector: boundSelector(spec, space) };
      return { ...object, spec: { ...spec, ...selector, template: podTemplate(spec, labels) } };
    }
    case 'Service':
      if (spec['selector'] === undefined || spec['selector'] === null) return object;
      return { ...object, spec: { ...spec, selector: { ...objectAt(spec, 'selector'), ...space } } };
    case 'Secret':
      return withoutStringData(object);
    default:
      return object;
  }
}

function boundSelector(spec: JsonObject, space: JsonObject): JsonObject {
  return { ...objectAt(spec, 'selector'), matchLabels: { ...objectAt(spec, 'selector', 'matchLabels'), ...space } };
}

function podTemplate(spec: JsonObject, labels: Readonly<Record<string, string>>): JsonObject {
  const template = objectAt(spec, 'template');
  const metadata = objectAt(template, 'metadata');
  const { name: _name, namespace: _namespace, creationTimestamp: _created, ...kept } = metadata;
  const ownLabels = { ...ownTexts(template, 'labels'), ...labels };
  const annotations = ownTexts(template, 'annotations');
  return {
    ...template,
    metadata: { ...kept, labels: ownLabels, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: { automountServiceAccountToken: false, ...asObject(podSpecOf({ spec: { template } })) },
  };
}

/** The API server keeps `data` only, so what is compared with it has to be that. */
function withoutStringData(object: JsonObject): JsonObject {
  const { stringData, ...rest } = object;
  if (!isObject(stringData)) return object;
  const entries = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  return { ...rest, data: { ...asObject(rest['data']), ...Object.fromEntries(entries) } };
}
