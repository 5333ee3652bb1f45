import type { components } from '@knot/contract';
import { KnotError } from '@knot/shared/errors';
import { allPages, answer } from '../api/api.js';
import type { Template } from '../api/schemas.js';
import { confirmByName } from '../client/ask.js';
import type { Client } from '../client/open-client.js';
import { printJson, printTable } from '../output.js';
import { findSpace } from '../spaces/find-space.js';
import { followRollOut } from '../roll-outs/follow-roll-out.js';
import { findTemplate } from './find-template.js';
import { impactOf, printImpact, type ImpactOptions } from './impact.js';

type SpaceBehind = components['schemas']['SpaceBehind'];
type RollOutBegin = components['schemas']['RollOutBegin'];

export interface RollOutOptions extends ImpactOptions {
  readonly space?: readonly string[];
  readonly first?: string;
  readonly atNextStop?: boolean;
  readonly atOnce?: number;
  readonly limit?: number;
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
  readonly yes?: boolean;
}

/** Shows which spaces are behind, asks, and begins a roll-out to the running ones. */
export async function runTemplatesRollOut(client: Client, wanted: string, options: RollOutOptions): Promise<void> {
  const { context } = client;
  const template = await findTemplate(client, wanted);
  if (options.dryRun) {
    const ids = options.space && (await spacesBehind(client, template, options)).map(({ id }) => id);
    return printImpact(client, template, template.present, await impactOf(client, template, options, ids), options);
  }
  const behind = await spacesBehind(client, template, options);
  if (options.list && options.json) return printJson(context.stdout, behind);
  if (!options.json) printBehind(client, template, behind);
  const running = behind.filter((space) => space.running);
  if (options.list || running.length === 0) return;
  const when = options.atNextStop ? ', each when it next stops' : '';
  const what = `This restarts ${count(running.length)} with version ${template.present}${when}`;
  await confirmByName(context, { name: template.name, what, yes: options.yes === true });
  const body = bodyOf(template, options, running);
  const begun = await answer(client.api.POST('/api/v1/roll-outs', { body }));
  if (!options.json) {
    context.stdout.write(`roll-out ${begun.id} of version ${begun.number} to ${count(running.length)} has begun\n`);
  }
  const seen = options.wait ? await followRollOut(client, begun) : begun;
  if (options.json) printJson(context.stdout, seen);
}

function bodyOf({ id, present }: Template, options: RollOutOptions, running: readonly SpaceBehind[]): RollOutBegin {
  const { location, space, first, atNextStop, atOnce, limit: failureLimit } = options;
  const to = space ? ('spaces' as const) : location === undefined ? ('all' as const) : ('location' as const);
  return {
    ...{ templateId: id, number: present, to, sure: true, atOnce, failureLimit },
    ...(to === 'location' && { location }),
    ...(to === 'spaces' && { spaceIds: running.map((one) => one.id) }),
    ...(atNextStop && { moment: 'next-stop' as const }),
    ...(first !== undefined && { first: parseFirst(first) }),
  };
}

/** `10%`, `3`, or the name of a location. */
function parseFirst(text: string): RollOutBegin['first'] {
  const [, number, percent] = /^(\d{1,4})(%?)$/.exec(text) ?? [];
  if (number === undefined) return { location: text };
  return percent === '%' ? { percent: Number(number) } : { count: Number(number) };
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

function count(spaces: number): string {
  return spaces === 1 ? '1 space' : `${spaces} spaces`;
}
