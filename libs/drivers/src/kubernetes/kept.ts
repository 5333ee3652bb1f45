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
  of(object: JsonObject): KeptObject;
}

export interface KeptObject {
  /** Of its metadata; its revision is kept apart. */
  readonly marks: JsonObject;
  /** All else. */
  readonly said: JsonObject;
  /** Its `managedFields`. */
  readonly fields: readonly unknown[];
  /** A controller's: that it comes and changes says how the controller is, and nothing else. */
  readonly isOwned: boolean;
}

/** An object that knot may write again as it is. */
export const WHOLE: Kept = {
  spaceIn: spaceOf,
  of: (object) => {
    const { metadata: _, ...said } = object;
    const { managedFields: _fields, resourceVersion: _version, ...marks } = objectAt(object, 'metadata');
    const fields = listAt(objectAt(object, 'metadata'), 'managedFields');
    return { marks, said, fields, isOwned: false };
  },
};

export function keptOf({ kind }: Resource): Kept {
  return { spaceIn: spaceOf, of: kind === 'Pod' ? ofPod : (object) => marked(object, told(kind, object)) };
}

/** Kubernetes' own, which bear no labels. */
export const EVENTS: Kept = {
  spaceIn: spaceOfEvent,
  of: (event) => {
    const marks = only(objectAt(event, 'metadata'), 'uid', 'creationTimestamp');
    const about = only(objectAt(event, 'involvedObject'), 'kind', 'name', 'uid');
    const said = only(event, 'reason', 'message', 'lastTimestamp', 'eventTime', 'count', 'series');
    return { marks, said: { involvedObject: about, ...said }, fields: [], isOwned: false };
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

function ofPod(pod: JsonObject): KeptObject {
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
  // only how it is matters, and whose it is
  const marks = {
    ...only(objectAt(pod, 'metadata'), 'name', 'uid', 'creationTimestamp', 'deletionTimestamp'),
    ownerReferences: owners.map((owner) => only(owner, 'kind', 'name', 'controller')),
  };
  return { marks, said, fields: [], isOwned: true };
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
function marked(object: JsonObject, said: JsonObject): KeptObject {
  const metadata = objectAt(object, 'metadata');
  const annotations = Object.entries(objectAt(metadata, 'annotations')).filter(([key]) => !isOfControllers(key));
  const marks = {
    ...only(metadata, 'name', 'uid', 'generation', 'creationTimestamp', 'deletionTimestamp', 'labels'),
    annotations: Object.fromEntries(annotations),
  };
  return { marks, said, fields: fieldsOfSpec(object), isOwned: false };
}

/** Controllers write annotations of their own. */
export function isOfControllers(annotation: string): boolean {
  return annotation.includes('kubernetes.io/');
}

function only(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (object[key] === undefined ? [] : [[key, object[key]]])));
}
