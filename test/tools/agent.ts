import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Space } from './api-client.js';
import { startChild, type Child } from './child.js';
import { untilEnd } from './processes.js';

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The built agent program. */
export const AGENT = join(checkout, 'apps/agent/bin/knot-agent.mjs');

/** What the driver adds so that it finds the processes of a space; what bears it ends with the space. */
const MARKS = ['KNOT_MARK', 'KNOT_RUN'];

/** What the process of a local space has in its environment, without the mark that would end an agent with it. */
export function environmentOf(space: Space): Record<string, string> {
  const entries = readFileSync(`/proc/${Number.parseInt(space.instance, 10)}/environ`, 'utf8').split('\0');
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const at = entry.indexOf('=');
      const name = entry.slice(0, at);
      return at > 0 && !MARKS.includes(name) ? [[name, entry.slice(at + 1)]] : [];
    }),
  );
}

/** An agent as an image starts it, with the environment of a space. */
export async function startAgent(env: Record<string, string>): Promise<Child> {
  return untilEnd(await startChild(process.execPath, [AGENT, 'agent'], { env }));
}
