import type { components } from '@knot/contract';
import { KnotError } from '@knot/shared/errors';
import { allPages, answer } from '../api/api.js';
import type { Template } from '../api/schemas.js';
import { confirmByName } from '../client/ask.js';
import type { Client } from '../client/open-client.js';
import { printJson, printTable } from '../output.js';
import { findSpace } from '../spaces/find-space.js';
import { findTemplate } from './find-template.js';

type SpaceBehind = components['schemas']['SpaceBehind'];
type RolledOut = components['schemas']['RolledOut'];

/** Each request is answered well before anything between here and the server gives up on it. */
const AT_ONCE = 100;

export interface RollOutOptions {
  readonly location?: string;
  readonly space?: readonly string[];
  readonly list?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Shows which spaces are behind, asks, and updates exactly the running ones of this list. */
export async function runTemplatesRollOut(client: Client, wanted: string, options: RollOutOptions): Promise<void> {
  const { context } = client;
  const template = await findTemplate(client, wanted);
  const behind = await spacesBehind(client, template, options);
  if (options.list && options.json) return printJson(context.stdout, behind);
  if (!options.json) printBehind(client, template, behind);
  if (options.list) return;
  const running = behind.filter((space) => space.running);
  const done: RolledOut = { updated: [], refused: [], left: 0 };
  if (running.length > 0) {
    const what = `This restarts ${count(running.length)} with version ${template.present}`;
    await confirmByName(context, { name: template.name, what, yes: options.yes === true });
  }
  for (let from = 0; from < running.length; from += AT_ONCE) {
    const spaceIds = running.slice(from, from + AT_ONCE).map(({ id }) => id);
    const body = { to: 'spaces' as const, spaceIds, number: template.present, sure: true };
    const params = { path: { id: template.id } };
    const part = await answer(client.api.POST('/api/v1/templates/{id}/roll-out', { params, body }));
    done.updated.push(...part.updated);
    done.refused.push(...part.refused);
  }
  if (options.json) printJson(context.stdout, done);
  else if (running.length > 0)
    context.stdout.write(`${count(done.updated.length)} updating to version ${template.present}\n`);
  assertNoneRefused(done, running);
}

/** All of them, or those that were named; throws for a named one that is not behind. */
async function spacesBehind(
  client: Client,
  { id, name, present }: Template,
  { location, space: named }: RollOutOptions,
): Promise<readonly SpaceBehind[]> {
  const params = { path: { id } };
  const all = await allPages((cursor) =>
    answer(client.api.GET('/api/v1/templates/{id}/behind', { params: { ...params, query: { location, ...cursor } } })),
  );
  if (named === undefined) return all;
  const chosen: SpaceBehind[] = [];
  for (const wanted of named) {
    const space = await findSpace(client, wanted);
    const found = all.find((one) => one.id === space.id);
    if (found === undefined) {
      const where = location === undefined ? '' : ` at ${location}`;
      throw new KnotError('input.invalid', `${wanted} is not behind version ${present} of ${name}${where}`);
    }
    if (!chosen.includes(found)) chosen.push(found);
  }
  return chosen;
}

function printBehind({ context }: Client, { name, present }: Template, behind: readonly SpaceBehind[]): void {
  if (behind.length === 0) {
    context.stdout.write(`no space is behind version ${present} of ${name}\n`);
    return;
  }
  const rows = behind.map(({ name: space, owner, location, templateVersion, running }) => [
    space,
    owner.username,
    location,
    String(templateVersion),
    running ? `restarts with version ${present}` : `takes version ${present} at its next start`,
  ]);
  printTable(context.stdout, ['space', 'owner', 'location', 'version', 'what happens'], rows);
}

function assertNoneRefused({ refused }: RolledOut, asked: readonly SpaceBehind[]): void {
  if (refused.length === 0) return;
  const lines = refused.map(({ spaceId, name, message, hint }) => {
    const owner = asked.find(({ id }) => id === spaceId)?.owner.username ?? '';
    return `${owner}/${name}: ${message}${hint && ` ${hint}`}`;
  });
  const what = `${refused.length} of ${count(asked.length)} were refused`;
  throw new KnotError('state.refused', [what, ...lines].join('\n  '));
}

function count(spaces: number): string {
  return spaces === 1 ? '1 space' : `${spaces} spaces`;
}
