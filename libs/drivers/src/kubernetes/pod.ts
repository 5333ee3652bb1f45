import type { Trouble, WorkloadHealth } from '@knot/domain';
import { listAt, isObject, numberAt, objectAt, objectsAt, textAt, timeAt, type JsonObject } from './json.js';
import { plainWords } from './refusal.js';
import { placementTrouble } from './placement.js';

export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: number;
  readonly deleting: boolean;
  /** Kind and name of its controller, `ReplicaSet/web-7d9f`; '' for a pod of its own. */
  readonly owner: string;
  readonly phase: string;
  readonly raw: JsonObject;
}

export interface PodCondition {
  readonly health: WorkloadHealth;
  readonly exitCode: number | null;
  readonly trouble: Trouble | null;
  /** The container whose last words say more. */
  readonly failing: string;
}

export function parsePod(raw: JsonObject): Pod {
  const metadata = objectAt(raw, 'metadata');
  const owner = objectsAt(metadata, 'ownerReferences').find((one) => one['controller'] === true);
  return {
    name: textAt(metadata, 'name'),
    uid: textAt(metadata, 'uid'),
    createdAt: timeAt(metadata, 'creationTimestamp'),
    deleting: textAt(metadata, 'deletionTimestamp') !== '',
    owner: owner ? `${textAt(owner, 'kind')}/${textAt(owner, 'name')}` : '',
    phase: textAt(objectAt(raw, 'status'), 'phase'),
    raw,
  };
}

export function isOver({ phase }: Pod): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

/** How one pod is, from its phase, its conditions and its containers. */
export function podCondition(pod: Pod): PodCondition {
  const status = objectAt(pod.raw, 'status');
  if (isOver(pod)) return overCondition(pod, status);
  const conditions = objectsAt(status, 'conditions');
  const unscheduled = conditions.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (unscheduled) {
    return condition('pending', placementTrouble(textAt(unscheduled, 'reason'), textAt(unscheduled, 'message')));
  }
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (textAt(status, 'reason') === 'NodeLost' || isOfSilentNode(pod, conditions)) {
    const node = textAt(objectAt(pod.raw, 'spec'), 'nodeName');
    return condition('unhealthy', { reason: 'Unhealthy', message: `Nothing is heard of the node ${node} it runs on.` });
  }
  const troubled = containerStates(status)
    .map(containerTrouble)
    .find((found) => found !== null);
  if (troubled) return { ...condition('unhealthy', troubled.trouble), ...troubled };
  if (pod.phase !== 'Running') return condition('starting', null);
  if (ready?.['status'] === 'True') return condition('healthy', null);
  return notReady(status);
}

/**
 * Nobody else calls a pod not ready whose containers all are (but its own gates): the kubelet says both or neither, the
 * controller of nodes the first alone, where it hears nothing of a kubelet.
 */
function isOfSilentNode({ raw }: Pod, conditions: readonly JsonObject[]): boolean {
  const is = (type: string) => conditions.find((one) => one['type'] === type);
  const ready = is('Ready');
  if (ready && textAt(ready, 'reason') === 'NodeStatusUnknown') return true;
  if (ready?.['status'] !== 'False' || is('ContainersReady')?.['status'] !== 'True') return false;
  return listAt(objectAt(raw, 'spec'), 'readinessGates').length === 0;
}

function condition(health: WorkloadHealth, trouble: Trouble | null): PodCondition {
  return { health, trouble, exitCode: null, failing: '' };
}

/** Running, and its checks do not pass: new, or not well any more. */
function notReady(status: JsonObject): PodCondition {
  const waiting = objectsAt(status, 'containerStatuses').find((one) => one['ready'] !== true);
  const name = waiting ? textAt(waiting, 'name') : '';
  const restarts = waiting ? numberAt(waiting, 'restartCount') : 0;
  if (restarts === 0) return condition('starting', null);
  const last = waiting ? objectAt(waiting, 'lastState', 'terminated') : {};
  const message = `Container ${name} was begun anew ${restarts} times and is not ready.`;
  return { ...condition('unhealthy', { reason: 'Unhealthy', message }), exitCode: codeIn(last), failing: name };
}

function overCondition({ name, phase }: Pod, status: JsonObject): PodCondition {
  const reason = textAt(status, 'reason');
  const ended = objectsAt(status, 'containerStatuses').map((one) => ({
    container: textAt(one, 'name'),
    state: objectAt(one, 'state', 'terminated'),
  }));
  const failed = ended.find(({ state }) => numberAt(state, 'exitCode') !== 0) ?? ended[0];
  const exitCode = failed ? codeIn(failed.state) : null;
  if (reason === 'Evicted') {
    const why = plainWords(textAt(status, 'message'));
    return over(exitCode, { reason: 'Ended', message: `The node evicted it: ${why}.` }, '');
  }
  if (reason !== '' && phase === 'Failed') {
    const why = plainWords(textAt(status, 'message') || reason);
    return over(exitCode, { reason: 'Ended', message: `Pod ${name} ended (${reason}): ${why}.` }, '');
  }
  if (failed && textAt(failed.state, 'reason') === 'OOMKilled')
    return over(exitCode, outOfMemory(failed.container), '');
  const code = exitCode === null ? '' : ` with code ${exitCode}`;
  const container = exitCode !== null && exitCode !== 0 ? (failed?.container ?? '') : '';
  return over(
    exitCode,
    { reason: exitCode === 0 ? 'Ended' : 'Exited', message: `It ended by itself${code}.` },
    container,
  );
}

function over(exitCode: number | null, trouble: Trouble, failing: string): PodCondition {
  return { health: 'ended', exitCode, trouble, failing };
}

function codeIn(terminated: JsonObject): number | null {
  return typeof terminated['exitCode'] === 'number' ? terminated['exitCode'] : null;
}

function outOfMemory(container: string): Trouble {
  return {
    reason: 'OutOfMemory',
    message: `Container ${container} used more memory than it may and was ended. Give it more.`,
  };
}

export function containerStates(status: JsonObject): readonly JsonObject[] {
  return [...objectsAt(status, 'initContainerStatuses'), ...objectsAt(status, 'containerStatuses')];
}

interface ContainerTrouble {
  readonly trouble: Trouble;
  readonly exitCode: number | null;
  readonly failing: string;
}

const IMAGE = new Set([
  ...['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'ImageInspectError'],
  ...['RegistryUnavailable', 'SignatureValidationFailed'],
]);

function containerTrouble(status: JsonObject): ContainerTrouble | null {
  const name = textAt(status, 'name');
  const waiting = objectAt(status, 'state', 'waiting');
  const terminated = objectAt(status, 'state', 'terminated');
  const last = objectAt(status, 'lastState', 'terminated');
  const reason = textAt(waiting, 'reason');
  const said = plainWords(textAt(waiting, 'message'));
  const as = (trouble: Trouble, exitCode: number | null = null, failing = ''): ContainerTrouble => ({
    trouble,
    exitCode,
    failing,
  });
  if (IMAGE.has(reason)) {
    const image = textAt(status, 'image');
    return as({ reason: 'ImageFailed', message: `The image ${image} of container ${name} cannot be had: ${said}.` });
  }
  if (/^(CreateContainer|RunContainer|PostStartHook|PreStartHook)/.test(reason) && reason.endsWith('Error')) {
    return as({ reason: 'DriverFailed', message: `Container ${name} cannot start: ${said}.` });
  }
  const ended = isObject(status['state']) && Object.keys(terminated).length > 0 ? terminated : last;
  const exitCode = codeIn(ended);
  const failing = reason === 'CrashLoopBackOff' || (Object.keys(terminated).length > 0 && exitCode !== 0);
  if (!failing || (textAt(terminated, 'reason') === 'Completed' && reason === '')) return null;
  if (textAt(ended, 'reason') === 'OOMKilled') return as(outOfMemory(name), exitCode);
  const times = numberAt(status, 'restartCount');
  const began = textAt(ended, 'reason') === 'ContainerCannotRun' || textAt(ended, 'reason') === 'StartError';
  if (began) {
    const why = plainWords(textAt(ended, 'message'));
    return as({ reason: 'DriverFailed', message: `Container ${name} cannot start: ${why}.` }, exitCode);
  }
  const again = times > 0 ? `, ${times + 1} times so far; Kubernetes begins it anew after a pause` : '';
  return as(
    { reason: 'Exited', message: `Container ${name} ended with code ${exitCode ?? '?'}${again}.` },
    exitCode,
    name,
  );
}
