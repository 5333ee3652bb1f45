import { KnotError, toKnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { Space } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';
import { printJson } from '../output.js';
import { findTemplate } from '../templates/find-template.js';
import { askShell } from './ask-shell.js';
import { awaitOperation } from './await-operation.js';
import { followSpaces, withinTime } from './follow-spaces.js';
import { wishFor } from './space-deeds.js';

export interface TryInput {
  readonly template: string;
  readonly location: string | undefined;
  /** Also by a terminal, which needs an agent in it. */
  readonly enter: boolean;
  /** For each step, ms. */
  readonly timeoutMs: number;
  readonly json: boolean;
}

/** Makes a space of a template, starts it, enters it, and deletes it whatever came out. Throws what the first failure was. */
export async function tryTemplate(client: Client, input: TryInput): Promise<void> {
  const { api, context } = client;
  const { template, location, enter, timeoutMs, json } = input;
  const { id: templateId } = await findTemplate(client, template);
  const name = `try-${Buffer.from(context.random(4)).toString('hex')}`;
  const body = { name, templateId, ...(location !== undefined && { location }) };
  const space = await answer(api.POST('/api/v1/spaces', { body }));
  const steps: string[] = [];
  const say = (step: string) => {
    steps.push(step);
    if (!json) context.stdout.write(`${name} at ${space.location}: ${step}\n`);
  };
  say('created');
  let failure: { readonly error: unknown } | null = null;
  try {
    await awaitOperation(client, space, await wishFor(client, space.id, 'start'), timeoutMs);
    say('started');
    if (enter) {
      await agentOf(client, space, timeoutMs);
      await askShell(client, space);
      say('entered');
    }
  } catch (error) {
    failure = { error };
  }
  try {
    const params = { path: { id: space.id }, query: { confirm: name } };
    const operation = await answer(api.DELETE('/api/v1/spaces/{id}', { params }));
    await awaitOperation(client, space, operation, timeoutMs);
    say('deleted');
  } catch (error) {
    if (failure) context.stderr.write(`warning: ${name} is not deleted: ${toKnotError(error).message}\n`);
    failure ??= { error };
  }
  if (json) printJson(context.stdout, { name, location: space.location, steps });
  if (failure) throw failure.error;
}

async function agentOf(client: Client, { id, name }: Space, timeoutMs: number): Promise<void> {
  const notYet = () => `the agent of ${name} has not joined`;
  await withinTime(client, timeoutMs, notYet, async (signal) => {
    for await (const sight of followSpaces(client, id, signal)) {
      const spaces = sight.kind === 'all' ? sight.spaces : sight.kind === 'space' ? [sight.space] : [];
      if (spaces.some(hasAgent)) return true;
      if (sight.kind === 'gone') throw new KnotError('state.refused', `${name} was deleted by somebody else`);
    }
    return undefined;
  });
}

function hasAgent({ conditions }: Space): boolean {
  return conditions.some(({ type, status }) => type === 'AgentConnected' && status === 'True');
}
