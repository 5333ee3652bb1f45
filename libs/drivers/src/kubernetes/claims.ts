import { volumeBackendName } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import { isObject, objectAt, textAt, type JsonObject } from './json.js';
import { KINDS } from './kinds.js';
import { documentsOf, manifestOf, parseManifests, rejected, type Manifest } from './manifest-text.js';

/** A volume of a template: a claim under its real name. */
export interface Claim {
  /** As the template's pods name it. */
  readonly name: string;
  readonly backendId: string;
  readonly spec: JsonObject;
  /** What the template itself writes on it. */
  readonly labels: JsonObject;
  readonly annotations: JsonObject;
}

const SHORT_KEYS = ['name', 'size', 'storage_class', 'access_modes'];
const MOST = 40;
const SIZE = /^[1-9]\d*(\.\d+)?(k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/**
 * The claims of a template: PersistentVolumeClaim documents of its volumes or its job, or the short form, a list
 * `volumes:` of name, size, storage_class and access_modes.
 */
export function claimsOf(volumes: string, job: readonly Manifest[], space: string): readonly Claim[] {
  const written = isShortForm(volumes) ? shortForm(volumes) : parseManifests(volumes, 'volumes');
  for (const { kind, line } of written) {
    if (kind === KINDS.PersistentVolumeClaim) continue;
    throw rejected('volumes', `A ${kind.kind} is no volume; it belongs into the job.`, line);
  }
  const claims = [...written, ...job.filter(({ kind }) => kind === KINDS.PersistentVolumeClaim)];
  return claims.map((claim, n) => {
    const { name, line, object } = claim;
    if (claims.findIndex((other) => other.name === name) !== n) {
      throw rejected('volumes', `The volume ${name} is there twice.`, line);
    }
    const metadata = objectAt(object, 'metadata');
    return {
      name,
      backendId: volumeBackendName(space, name),
      spec: objectAt(object, 'spec'),
      labels: objectAt(metadata, 'labels'),
      annotations: objectAt(metadata, 'annotations'),
    };
  });
}

function isShortForm(text: string): boolean {
  const [only, ...more] = documentsOf(text, 'volumes').filter(({ value }) => value !== null);
  return more.length === 0 && isObject(only?.value) && 'volumes' in only.value && !('kind' in only.value);
}

function shortForm(text: string): readonly Manifest[] {
  const [document] = documentsOf(text, 'volumes').filter(({ value }) => value !== null);
  const list = isObject(document?.value) ? document.value['volumes'] : null;
  if (list === null) return [];
  if (!Array.isArray(list)) throw rejected('volumes', '`volumes` should be a list.', document?.line);
  if (list.length > MOST) throw rejected('volumes', `There are ${list.length} volumes; at most ${MOST} are taken.`);
  const line = document?.line ?? 1;
  return list.map((entry) => manifestOf(shortClaim(entry, line), line, 'volumes'));
}

function shortClaim(entry: unknown, line: number): JsonObject {
  if (!isObject(entry)) throw rejected('volumes', 'Each volume has a name and a size.', line);
  const name = textAt(entry, 'name');
  if (name === '') throw rejected('volumes', 'Each volume has a name and a size.', line);
  for (const key of Object.keys(entry)) {
    if (SHORT_KEYS.includes(key)) continue;
    throw rejected(
      'volumes',
      `The key ${JSON.stringify(key)} is not known; allowed: ${SHORT_KEYS.join(', ')}. For more, write a PersistentVolumeClaim.`,
      line,
    );
  }
  const { size: asked } = entry;
  const size = typeof asked === 'number' ? String(asked) : textAt(entry, 'size');
  if (!SIZE.test(size)) {
    throw rejected('volumes', `The volume ${name} needs a size such as 10Gi${size && `, not ${size}`}.`, line);
  }
  const modes = entry['access_modes'] ?? ['ReadWriteOnce'];
  const storageClass = entry['storage_class'] ?? '';
  if (!Array.isArray(modes) || modes.length === 0) {
    throw rejected('volumes', `access_modes of the volume ${name} should be a list such as [ReadWriteMany].`, line);
  }
  if (typeof storageClass !== 'string') {
    throw rejected('volumes', `storage_class of the volume ${name} should be the name of one.`, line);
  }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: {
      accessModes: modes,
      resources: { requests: { storage: size } },
      ...(storageClass !== '' && { storageClassName: storageClass }),
    },
  };
}

/** What a claim may not ask for: data that is somebody else's. */
export function checkClaim({ name, spec }: Claim, exceptions: readonly string[]): void {
  for (const [field, what, exception] of [
    ['volumeName', 'a certain PersistentVolume', 'volume-name'],
    ['selector', 'PersistentVolumes by label', 'volume-name'],
    ['dataSource', 'the data of something else', 'data-source'],
    ['dataSourceRef', 'the data of something else', 'data-source'],
  ] as const) {
    if (spec[field] === undefined || spec[field] === null || exceptions.includes(exception)) continue;
    throw new KnotError(
      'template.policy',
      `The volume ${name} asks for ${what} (${field}), which this location does not allow.`,
      `Leave it out, or ask an administrator to approve "${exception}" for this version of the template.`,
      { exception },
    );
  }
}
