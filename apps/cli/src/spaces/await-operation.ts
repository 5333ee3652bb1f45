import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { Operation, Space } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';
import { plain } from '../output.js';
import { timeOfDay } from '../times.js';
import { followSpaces, readSpace, withinTime } from './follow-spaces.js';
import { SpaceNews, type SpaceLine } from './space-news.js';

/**
 * Waits until the wish has come true, its steps on stderr. Throws `state.refused` when it failed, when a later wish has
 * taken its place, and when the time is over.
 */
export async function awaitOperation(
  client: Client,
  space: Pick<Space, 'id' | 'name'>,
  operation: Operation,
  timeoutMs: number,
): Promise<Operation> {
  const steps = new SpaceNews();
  const tellSteps = (spaces: readonly Space[]): void => {
    const now = client.context.clock.now();
    for (const one of spaces) tell(client, steps.next(one, now, { wholeStart: true }));
  };
  const notYet = (): string => `${space.name}: ${operation.kind} is still pending`;
  return withinTime(client, timeoutMs, notYet, async (signal) => {
    for await (const sight of followSpaces(client, space.id, signal)) {
      if (sight.kind === 'space') tellSteps([sight.space]);
      if (sight.kind === 'all') tellSteps(sight.spaces);
      const latest = await readOperation(client, operation.id);
      if (latest.state === 'pending') continue;
      // the wish may have come true by steps that no sight has shown yet
      tellSteps(await readSpace(client, space.id));
      return settled(space.name, latest);
    }
    return undefined;
  });
}

function readOperation({ api }: Client, id: string): Promise<Operation> {
  return answer(api.GET('/api/v1/operations/{id}', { params: { path: { id } } }));
}

function settled(name: string, operation: Operation): Operation {
  const { kind, state, message } = operation;
  if (state === 'succeeded') return operation;
  const why = message === '' ? '' : `: ${message}`;
  const what = state === 'superseded' ? 'was overtaken' : 'has failed';
  throw new KnotError('state.refused', `${name}: ${kind} ${what}${why}`, `\`knot spaces show ${name}\` tells more.`);
}

function tell({ context }: Client, lines: readonly SpaceLine[]): void {
  for (const { at, phase, message } of lines) {
    context.stderr.write(`${plain(`${timeOfDay(at, context.timeZone)}  ${phase.padEnd(12)}  ${message}`.trimEnd())}\n`);
  }
}
