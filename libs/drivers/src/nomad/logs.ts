import { isKnotError } from '@knot/shared/errors';
import type { Allocation } from './allocation.js';
import type { NomadClient } from './nomad-client.js';

/** How much of the end of each log is read. */
const TAIL_BYTES = 64 * 1024;

/** The last lines that the tasks of an allocation printed, each with its task's name. */
export async function logLines(
  client: NomadClient,
  { id, tasks }: Allocation,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const all = await Promise.all(
    tasks.flatMap(({ name }) => ['stdout', 'stderr'].map((stream) => tail(client, id, name, stream, signal))),
  );
  return all.flat();
}

async function tail(
  client: NomadClient,
  allocation: string,
  task: string,
  stream: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const query = { task, type: stream, plain: 'true', origin: 'end', offset: String(TAIL_BYTES) };
  try {
    const text = await client.text(`client/fs/logs/${allocation}`, 'read its log', signal, query);
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => `${task}: ${line}`);
  } catch (error) {
    // no log yet, none any more, a driver without one, or a node that is away: the events have to do
    if (isKnotError(error, 'backend.invalid', 'backend.unavailable') && !signal.aborted) return [];
    throw error;
  }
}
