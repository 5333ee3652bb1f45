import type { Trouble } from '@knot/domain';
import { plainWords } from './refusal.js';

/** Why the scheduler found no node, in words that say which resource. */
export function placementTrouble(reason: string, message: string): Trouble | null {
  if (reason !== 'Unschedulable' && message === '') return null;
  const said = plainWords(message);
  return { reason: 'NotPlaceable', message: `No node can take it: ${wordsFor(said)}` };
}

function wordsFor(said: string): string {
  const short = [...new Set([...said.matchAll(/Insufficient ([a-z0-9./-]+)/g)].map(([, name]) => name))];
  if (short.length > 0)
    return `there is not enough ${short.join(' and ')}. Ask for less, stop something, or add a node. (${said})`;
  if (/unbound immediate PersistentVolumeClaims|persistentvolumeclaim .* not found/.test(said)) {
    return `its volume is not there yet. Is its storage class right, and does it have room? (${said})`;
  }
  if (/volume node affinity|node\(s\) had no available volume zone/.test(said)) {
    return `its volume is on a node that cannot take it. (${said})`;
  }
  if (/didn't match Pod's node affinity\/selector/.test(said)) return `no node fits its nodeSelector. ${said}.`;
  if (/untolerated taint/.test(said)) return `the nodes are kept for others. ${said}.`;
  if (/no nodes available/.test(said)) return 'the cluster has no node.';
  return `${said}.`;
}
