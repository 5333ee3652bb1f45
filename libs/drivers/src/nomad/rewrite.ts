import { backendName, type Mark } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { WorkloadSpec } from '../driver.js';
import { META } from './job-mark.js';
import { asObject, isObject, objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import type { VolumeDefinition } from './volume-definition.js';

export interface Place {
  readonly namespace: string;
  /** '' for the agent's own. */
  readonly region: string;
}

/** What the server says of a job it has: never sent. */
const SERVER_FIELDS = new Set([
  ...['Stop', 'Status', 'StatusDescription', 'Stable', 'Version', 'VersionTag', 'SubmitTime', 'NomadTokenID'],
  ...['CreateIndex', 'ModifyIndex', 'JobModifyIndex'],
]);

/**
 * The template's job as this space's: named and marked for the space, in this location's namespace and region, its
 * own volumes under their real names. Pure: the same text gives the same job, so that healing changes nothing.
 */
export function rewriteJob(
  job: JsonObject,
  spec: Pick<WorkloadSpec, 'mark' | 'display'>,
  volumes: readonly VolumeDefinition[],
  place: Place,
): JsonObject {
  const kept = Object.entries(job).filter(([key]) => !SERVER_FIELDS.has(key) && key !== 'Region');
  return {
    ...Object.fromEntries(kept),
    ...regionOf(job, place),
    ID: backendName(spec.mark.space),
    Name: textAt(job, 'Name') || textAt(job, 'ID') || backendName(spec.mark.space),
    Namespace: namespaceOf(textAt(job, 'Namespace'), place, 'The job'),
    Meta: { ...asObject(job['Meta']), ...metaOf(spec) },
    TaskGroups: objectsAt(job, 'TaskGroups').map((group) => withRealVolumes(group, volumes)),
  };
}

function metaOf({ mark, display }: { mark: Mark; display: WorkloadSpec['display'] }): Readonly<Record<string, string>> {
  return {
    [META.installation]: mark.installation,
    [META.location]: mark.location,
    [META.space]: mark.space,
    [META.owner]: display.owner,
    [META.name]: display.space,
  };
}

/** Nomad writes `default` into a job that names no namespace, so that one stands for "none named". */
export function namespaceOf(asked: string, { namespace }: Place, what: string): string {
  if (asked === '' || asked === 'default' || asked === namespace) return namespace;
  throw refused(`${what} asks for the namespace ${asked}; this location works in ${namespace}.`, `namespace:${asked}`);
}

/** In the same way Nomad writes `global` where no region is named. */
function regionOf(job: JsonObject, { region }: Place): JsonObject {
  const asked = textAt(job, 'Region');
  if (asked === '' || asked === 'global' || asked === region) return region === '' ? {} : { Region: region };
  const here = region === '' ? 'the region of its Nomad agent' : region;
  throw refused(`The job asks for the region ${asked}; this location works in ${here}.`, `region:${asked}`);
}

function refused(message: string, asked: string): KnotError {
  return new KnotError('template.policy', message, 'Leave it out of the template.', { asked });
}

function withRealVolumes(group: JsonObject, volumes: readonly VolumeDefinition[]): JsonObject {
  if (!isObject(group['Volumes'])) return group;
  const requests = Object.entries(objectAt(group, 'Volumes')).map(([key, value]): [string, unknown] => {
    const request = asObject(value);
    const source = textAt(request, 'Source');
    const own = volumes.find(({ name, kind }) => name === source && kind === (textAt(request, 'Type') || 'host'));
    return [key, own ? { ...request, Source: own.backendId } : request];
  });
  return { ...group, Volumes: Object.fromEntries(requests) };
}
