import type { Trouble, Workload } from '@knot/domain';
import { admissionOf } from './admission.js';
import { numberAt, objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import type { Kind } from './kinds.js';
import type { Live } from './live.js';
import { isOver, podCondition, type Pod, type PodCondition } from './pod.js';
import { plainWords } from './refusal.js';

type Present = Extract<Workload, { state: 'present' }>;

export type Condition = Pick<Present, 'health' | 'instance' | 'exitCode' | 'trouble'> & {
  /** The pod and the container whose last words say more; null where none do. */
  readonly lastWords: { readonly pod: string; readonly container: string } | null;
};

/**
 * How a space is: as its main object is, or, where that is well, as whichever other of its workloads is not. A job
 * beside it may be over.
 */
export function conditionOf(main: Live, beside: readonly Live[], pods: readonly Pod[]): Condition {
  const first = workloadCondition(main.kind, main.object, pods.filter(isOf(main)));
  if (first.health !== 'healthy') return first;
  const others = beside.map((one) => workloadCondition(one.kind, one.object, pods.filter(isOf(one))));
  const ill = (['unhealthy', 'pending', 'starting'] as const)
    .map((health) => others.find((one) => one.health === health))
    .find((found) => found !== undefined);
  return ill ? { ...ill, instance: first.instance } : first;
}

/** Deployments own their pods through a ReplicaSet that bears their name and a hash. */
function isOf({ kind, object }: Live): (pod: Pod) => boolean {
  const name = textAt(objectAt(object, 'metadata'), 'name');
  if (kind.kind === 'Pod') return (pod) => pod.owner === '' && pod.name === name;
  if (kind.kind !== 'Deployment') return ({ owner }) => owner === `${kind.kind}/${name}`;
  const prefix = `ReplicaSet/${name}-`;
  return ({ owner }) => owner.startsWith(prefix) && /^[a-z0-9]+$/.test(owner.slice(prefix.length));
}

/** From its own status and its pods. */
function workloadCondition(kind: Kind, main: JsonObject, pods: readonly Pod[]): Condition {
  const alive = pods.filter(({ deleting }) => !deleting);
  const newest = alive.toSorted((a, b) => b.createdAt - a.createdAt || (a.uid < b.uid ? 1 : -1));
  const [first] = newest;
  const instance = first?.uid ?? '';
  if (textAt(objectAt(main, 'metadata'), 'deletionTimestamp') !== '') {
    return {
      health: 'stopping',
      instance: instance || (pods[0]?.uid ?? ''),
      exitCode: null,
      trouble: null,
      lastWords: null,
    };
  }
  switch (kind.kind) {
    case 'Pod':
      return ofPod(first);
    case 'Job':
      return ofJob(main, newest);
    default:
      return ofReplicas(kind, main, newest);
  }
}

function ofPod(pod: Pod | undefined, as: PodCondition | null = pod ? podCondition(pod) : null): Condition {
  if (!pod || !as) return { health: 'pending', instance: '', exitCode: null, trouble: null, lastWords: null };
  const { health, exitCode, trouble, failing } = as;
  const lastWords = failing === '' ? null : { pod: pod.name, container: failing };
  return { health, instance: health === 'pending' ? '' : pod.uid, exitCode, trouble, lastWords };
}

function ofJob(main: JsonObject, pods: readonly Pod[]): Condition {
  const conditions = objectsAt(objectAt(main, 'status'), 'conditions');
  const over = conditions.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
  const [newest] = pods;
  if (!over) return newest && isOver(newest) ? { ...ofPod(newest), health: 'unhealthy' } : ofPod(newest);
  const said = newest && isOver(newest) ? podCondition(newest) : null;
  const why: Trouble = {
    reason: 'Ended',
    message: `The job is over: ${plainWords(textAt(over, 'message') || 'complete')}.`,
  };
  const exitCode = said?.exitCode ?? (textAt(over, 'type') === 'Complete' ? 0 : null);
  return { ...ofPod(newest), health: 'ended', instance: newest?.uid ?? '', exitCode, trouble: said?.trouble ?? why };
}

function ofReplicas(kind: Kind, main: JsonObject, pods: readonly Pod[]): Condition {
  const [spec, status] = [objectAt(main, 'spec'), objectAt(main, 'status')];
  const wanted = typeof spec['replicas'] === 'number' ? spec['replicas'] : 1;
  const refused = objectsAt(status, 'conditions').find(
    ({ type, status: is }) => type === 'ReplicaFailure' && is === 'True',
  );
  if (refused) return { ...ofPod(undefined), trouble: creationTrouble(textAt(refused, 'message')) };
  const current = pods.slice(0, Math.max(wanted, 1));
  const conditions = current.map((pod) => ofPod(pod));
  const worst = ['unhealthy', 'ended', 'pending', 'starting']
    .map((health) => conditions.find((one) => one.health === health))
    .find((found) => found !== undefined);
  const instance = current[0]?.uid ?? '';
  if (worst) {
    // its controller puts another pod in the place of one that is over
    return worst.health === 'ended' ? { ...worst, health: 'unhealthy' } : worst;
  }
  const generation = numberAt(objectAt(main, 'metadata'), 'generation');
  const behind = numberAt(status, 'observedGeneration') < generation || numberAt(status, 'updatedReplicas') < wanted;
  if (wanted > 0 && current.length === 0) return ofPod(undefined);
  const settling = behind || (kind.kind === 'Deployment' && numberAt(status, 'replicas') > wanted);
  const health = settling || conditions.length < wanted ? 'starting' : 'healthy';
  return { health, instance, exitCode: null, trouble: null, lastWords: null };
}

/** Why a controller cannot make its pods: quota, admission, an account that is missing. */
export function creationTrouble(message: string): Trouble {
  const said = plainWords(message.replace(/^pods "[^"]*" is forbidden: /, ''));
  const admission = admissionOf(said, 'its pod');
  if (admission) {
    const { refused, message: words, advice } = admission;
    return { reason: refused ? 'PolicyRefused' : 'BackendUnavailable', message: `${words} ${advice}` };
  }
  if (/violates PodSecurity/.test(said)) {
    return { reason: 'PolicyRefused', message: `Pod Security of the namespace refused its pod: ${said}.` };
  }
  if (/exceeded quota/.test(said)) {
    const advice = 'Raise the ResourceQuota of the namespace, or stop something in it.';
    return { reason: 'NotPlaceable', message: `The namespace has no room for its pod: ${said}. ${advice}` };
  }
  return { reason: 'NotPlaceable', message: `Its pod cannot be made: ${said}.` };
}
