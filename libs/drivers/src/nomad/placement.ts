import type { TimelineEvent, Trouble } from '@knot/domain';
import { msOf, numberAt, objectAt, textAt, asObject, type JsonObject } from './json.js';

/** Why Nomad found no node for a group. */
export interface PlacementFailure {
  readonly group: string;
  readonly event: TimelineEvent;
  readonly trouble: Trouble;
}

/** The failures of the evaluation that is still waiting for a node, else none. */
export function placementFailures(evaluations: readonly JsonObject[]): readonly PlacementFailure[] {
  const blocked = evaluations
    .filter((evaluation) => textAt(evaluation, 'Status') === 'blocked')
    .sort((a, b) => numberAt(b, 'CreateIndex') - numberAt(a, 'CreateIndex'))[0];
  if (!blocked) return [];
  const id = textAt(blocked, 'ID');
  const at = msOf(numberAt(blocked, 'CreateTime'));
  return Object.entries(objectAt(blocked, 'FailedTGAllocs')).map(([group, metrics]) => {
    const message = `No node can take it: ${placementWords(asObject(metrics))}. Nomad places it as soon as one can.`;
    return {
      group,
      event: { id: `eval:${id}:${group}`, at, source: 'nomad', reason: 'NotPlaceable', message },
      trouble: { reason: 'NotPlaceable', message },
    };
  });
}

/** Nomad's placement metrics in plain words, without a full stop. */
export function placementWords(metrics: JsonObject): string {
  const counted = (key: string) =>
    Object.entries(objectAt(metrics, key)).map(([what, count]) => [what, Number(count)] as const);
  const words = [
    ...counted('ConstraintFiltered').map(([what, count]) => `${nodes(count)} refused by ${constraint(what)}`),
    ...counted('DimensionExhausted').map(
      ([what, count]) => `${nodes(count)} without enough ${what}${asked(metrics, what)}`,
    ),
    ...counted('ClassExhausted').map(([what, count]) => `${nodes(count)} of class ${what} full`),
  ];
  const quota = metrics['QuotaExhausted'];
  if (Array.isArray(quota) && quota.length > 0) words.push(`the quota is used up (${quota.map(String).join(', ')})`);
  if (words.length > 0) return words.join('; ');
  if (numberAt(metrics, 'NodesEvaluated') > 0) return 'Nomad gives no reason';
  const pool = textAt(metrics, 'NodePool') || 'default';
  return `the node pool ${pool} has no ready node in the data centres asked for`;
}

function nodes(count: number): string {
  return count === 1 ? '1 node' : `${count} nodes`;
}

function constraint(what: string): string {
  switch (what) {
    case 'missing drivers':
      return 'the task driver, which it does not have';
    case 'missing compatible host volumes':
      return 'a host volume, which it does not have';
    case 'missing devices':
      return 'a device, which it does not have';
    case 'missing network':
      return 'the network, which it does not have';
    default:
      return `the constraint "${what}"`;
  }
}

/** How much was asked for, where Nomad says it. */
function asked(metrics: JsonObject, dimension: string): string {
  const [field, unit] = dimension === 'memory' ? ['MemoryMB', ' MB'] : dimension === 'cpu' ? ['CPU', ' MHz'] : ['', ''];
  const all = Object.values(objectAt(metrics, 'ResourcesExhausted')).map((resources) =>
    numberAt(asObject(resources), field),
  );
  const most = Math.max(0, ...all);
  return most > 0 ? ` (${most}${unit} asked for)` : '';
}
