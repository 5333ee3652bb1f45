import { listAt, objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import type { Resource } from './kinds.js';
import { spaceOf } from './mark.js';
import { fieldsOfSpec } from './shared-fields.js';

/**
 * What is kept of each object of a kind: all that a look reads, and nothing else. So a change of anything else is no news,
 * and asks for no look.
 */
export interface Kept {
  /** Whose an object is; what is nobody's ('') is not kept. */
  spaceIn(object: JsonObject): string;
  /** Its revision is kept apart; `fields` are its `managedFields`. */
  of(object: JsonObject): { readonly object: JsonObject; readonly fields: readonly unknown[] };
}

/** An object that knot may write again as it is. */
export const WHOLE: Kept = {
  spaceIn: spaceOf,
  of: (object) => {
    const { managedFields: _fields, resourceVersion: _version, ...metadata } = objectAt(object, 'metadata');
    return { object: { ...object, metadata }, fields: listAt(objectAt(object, 'metadata'), 'managedFields') };
  },
};

export function keptOf({ kind }: Resource): Kept {
  return { spaceIn: spaceOf, of: kind === 'Pod' ? ofPod : (object) => marked(object, told(kind, object)) };
}

/** Kubernetes' own, which bear no labels. */
export const EVENTS: Kept = {
  spaceIn: spaceOfEvent,
  of: (event) => {
    const metadata = only(objectAt(event, 'metadata'), 'uid', 'creationTimestamp');
    const about = only(objectAt(event, 'involvedObject'), 'kind', 'name', 'uid');
    const said = only(event, 'reason', 'message', 'lastTimestamp', 'eventTime', 'count', 'series');
    return { object: { metadata, involvedObject: about, ...said }, fields: [] };
  },
};

/** Of what an event tells; '' where that is no space's. */
function spaceOfEvent(event: JsonObject): string {
  const about = textAt(objectAt(event, 'involvedObject'), 'name');
  return /^knot-([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})/.exec(about)?.[1] ?? '';
}

/** What says how it is. */
function told(kind: string, object: JsonObject): JsonObject {
  const [spec, status] = [objectAt(object, 'spec'), objectAt(object, 'status')];
  switch (kind) {
    case 'PersistentVolumeClaim':
      return { spec: only(spec, 'volumeName'), status: only(status, 'phase') };
    case 'Deployment':
    case 'StatefulSet':
    case 'Job':
      return {
        spec: only(spec, 'replicas'),
        status: {
          ...only(status, 'observedGeneration', 'updatedReplicas', 'replicas'),
          conditions: objectsAt(status, 'conditions').filter(isTrouble).map(condition),
        },
      };
    default:
      return {};
  }
}

/** Of a Deployment and of a Job; how far it is shows by its pods. */
function isTrouble({ type }: JsonObject): boolean {
  return type === 'ReplicaFailure' || type === 'Complete' || type === 'Failed';
}

function ofPod(pod: JsonObject): ReturnType<Kept['of']> {
  const [spec, status] = [objectAt(pod, 'spec'), objectAt(pod, 'status')];
  const said = {
    spec: only(spec, 'nodeName', 'readinessGates'),
    status: {
      ...only(status, 'phase', 'reason', 'message'),
      conditions: objectsAt(status, 'conditions').map(condition),
      initContainerStatuses: objectsAt(status, 'initContainerStatuses').map(container),
      containerStatuses: objectsAt(status, 'containerStatuses').map(container),
    },
  };
  const owners = objectsAt(objectAt(pod, 'metadata'), 'ownerReferences');
  if (owners.length === 0) return marked(pod, said);
  // a controller's: only how it is matters, and whose it is
  const metadata = {
    ...only(objectAt(pod, 'metadata'), 'name', 'uid', 'creationTimestamp', 'deletionTimestamp'),
    ownerReferences: owners.map((owner) => only(owner, 'kind', 'name', 'controller')),
  };
  return { object: { metadata, ...said }, fields: [] };
}

function condition(of: JsonObject): JsonObject {
  return only(of, 'type', 'status', 'reason', 'message');
}

function container(status: JsonObject): JsonObject {
  const { running, ...state } = objectAt(status, 'state');
  return {
    ...only(status, 'name', 'image', 'ready', 'restartCount', 'lastState'),
    state: { ...state, ...(running !== undefined && { running: {} }) },
  };
}

/** With all that an object is known to be ours by, and unchanged. */
function marked(object: JsonObject, said: JsonObject): ReturnType<Kept['of']> {
  const metadata = objectAt(object, 'metadata');
  const annotations = Object.entries(objectAt(metadata, 'annotations')).filter(([key]) => !isOfControllers(key));
  const kept = {
    ...only(metadata, 'name', 'uid', 'generation', 'creationTimestamp', 'deletionTimestamp', 'labels'),
    annotations: Object.fromEntries(annotations),
  };
  return { object: { metadata: kept, ...said }, fields: fieldsOfSpec(object) };
}

/** Controllers write annotations of their own. */
export function isOfControllers(annotation: string): boolean {
  return annotation.includes('kubernetes.io/');
}

function only(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (object[key] === undefined ? [] : [[key, object[key]]])));
}
