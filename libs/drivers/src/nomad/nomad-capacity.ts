import { isKnotError } from '@knot/shared/errors';
import { asObjects, numberAt, objectAt, textAt, type JsonObject } from './json.js';
import type { NomadClient } from './nomad-client.js';

/** Looks at the health for each of which the nodes are asked once: every five minutes. */
const LOOKS = 10;

/** What all ready nodes of a Nomad have, in words. A token without `node:read` hides it, which is no trouble. */
export class NomadCapacity {
  private looks = 0;
  private words = '';

  constructor(private readonly client: NomadClient) {}

  async of(signal: AbortSignal): Promise<string> {
    this.looks += 1;
    if (this.looks % LOOKS !== 1) return this.words;
    try {
      const nodes = await this.client.get('nodes', 'look at the nodes', signal, { resources: 'true' });
      this.words = capacityOf(asObjects(nodes).filter((node) => textAt(node, 'Status') === 'ready'));
    } catch (error) {
      if (!isKnotError(error)) throw error;
    }
    return this.words;
  }
}

/** `3 nodes, 24.0 GHz, 96 GiB` of Nomad's node list with resources. */
export function capacityOf(nodes: readonly JsonObject[]): string {
  const resources = nodes.map((node) => objectAt(node, 'NodeResources'));
  const sum = (part: string, figure: string) =>
    resources.reduce((total, of) => total + numberAt(objectAt(of, part), figure), 0);
  const gigahertz = (sum('Cpu', 'CpuShares') / 1_000).toFixed(1);
  const gibibytes = Math.round(sum('Memory', 'MemoryMB') / 1_024);
  return `${nodes.length === 1 ? '1 node' : `${nodes.length} nodes`}, ${gigahertz} GHz, ${gibibytes} GiB`;
}
