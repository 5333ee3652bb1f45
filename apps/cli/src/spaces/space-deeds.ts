import type { PortShare } from '@knot/domain';
import { answer } from '../api/api.js';
import type { Operation, Space } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';
import { confirmByName } from '../client/ask.js';
import { printJson } from '../output.js';
import { findTemplate } from '../templates/find-template.js';
import { awaitOperation } from './await-operation.js';
import { findPort } from './find-port.js';
import { findSpace } from './find-space.js';

export type SpaceWish = 'start' | 'stop' | 'restart' | 'update';

/** How long to wait, ms; undefined: not at all. */
interface Waiting {
  readonly waitMs: number | undefined;
  readonly json: boolean;
}

export interface CreateSpaceInput extends Waiting {
  readonly name: string;
  readonly template: string;
  readonly location: string | undefined;
  readonly description: string | undefined;
  readonly shell: string | undefined;
  readonly start: boolean;
}

export async function runSpacesCreate(client: Client, input: CreateSpaceInput): Promise<void> {
  const { api, context } = client;
  const { name, location, description, shell, json } = input;
  const template = await findTemplate(client, input.template);
  const body = {
    name,
    templateId: template.id,
    ...(location !== undefined && { location }),
    ...(description !== undefined && { description }),
    ...(shell !== undefined && { shell }),
  };
  const space = await answer(api.POST('/api/v1/spaces', { body }));
  if (!json) context.stdout.write(`${space.name} created from ${template.name} at ${space.location}\n`);
  if (input.start) return finish(client, space, await wishFor(client, space.id, 'start'), input);
  if (json) printJson(context.stdout, space);
}

export async function runSpacesWish(
  client: Client,
  { name, wish, ...waiting }: { readonly name: string; readonly wish: SpaceWish } & Waiting,
): Promise<void> {
  const space = await findSpace(client, name);
  await finish(client, space, await wishFor(client, space.id, wish), waiting);
}

export async function runSpacesDelete(
  client: Client,
  { name, yes, ...waiting }: { readonly name: string; readonly yes: boolean } & Waiting,
): Promise<void> {
  const space = await findSpace(client, name);
  const what = `This deletes ${space.owner.username}/${space.name} with its volumes`;
  await confirmByName(client.context, { name: space.name, what, yes });
  const params = { path: { id: space.id }, query: { confirm: space.name } };
  const operation = await answer(client.api.DELETE('/api/v1/spaces/{id}', { params }));
  await finish(client, space, operation, waiting);
}

const CHANGEABLE = ['name', 'description', 'shell'] as const;

export async function runSpacesChange(
  client: Client,
  input: { readonly space: string; readonly json: boolean } & Partial<Record<(typeof CHANGEABLE)[number], string>>,
): Promise<void> {
  const { id, version } = await findSpace(client, input.space);
  const { json } = input;
  const params = { path: { id }, header: { 'If-Match': `"${version}"` } };
  const body = Object.fromEntries(CHANGEABLE.flatMap((key) => (input[key] === undefined ? [] : [[key, input[key]]])));
  const changed = await answer(client.api.PATCH('/api/v1/spaces/{id}', { params, body }));
  if (json) printJson(client.context.stdout, changed);
  else client.context.stdout.write(`${changed.name} changed\n`);
}

export type SpaceOffer = 'share' | 'transfer';

export async function runSpacesOffer(
  client: Client,
  input: { readonly space: string; readonly user: string; readonly deed: SpaceOffer; readonly json: boolean },
): Promise<void> {
  const { api, context } = client;
  const { id, name } = await findSpace(client, input.space);
  const options = { params: { path: { id } }, body: { user: input.user } };
  const offer = await answer(
    input.deed === 'share'
      ? api.POST('/api/v1/spaces/{id}/share', options)
      : api.POST('/api/v1/spaces/{id}/transfer', options),
  );
  if (input.json) printJson(context.stdout, offer);
  else context.stdout.write(`${name} offered to ${offer.to.username}, who has to accept: knot offers accept ${name}\n`);
}

export async function runSpacesSharePort(
  client: Client,
  input: {
    readonly space: string;
    /** Its number or its name. */
    readonly port: string;
    readonly share: PortShare | 'default';
    readonly json: boolean;
  },
): Promise<void> {
  const found = await findSpace(client, input.space);
  const { id, name, version } = found;
  const { share, json } = input;
  const port = await findPort(client, found, input.port, 'web');
  const params = { path: { id, port }, header: { 'If-Match': `"${version}"` } };
  const body = share === 'default' ? {} : { share };
  const space = await answer(client.api.PUT('/api/v1/spaces/{id}/port-shares/{port}', { params, body }));
  if (json) return printJson(client.context.stdout, space);
  const shown = space.ports.find((one) => one.port === port);
  const outcome = share === 'default' ? `as its template and ${space.location} say` : `for ${share}`;
  const address = shown && shown.address !== '' ? `: ${shown.address}` : '';
  const called = shown && shown.label !== '' ? ` (${shown.label})` : '';
  client.context.stdout.write(`port ${port}${called} of ${name} is ${outcome}${address}\n`);
}

export function wishFor({ api }: Client, id: string, wish: SpaceWish): Promise<Operation> {
  const params = { path: { id } };
  switch (wish) {
    case 'start':
      return answer(api.POST('/api/v1/spaces/{id}/start', { params }));
    case 'stop':
      return answer(api.POST('/api/v1/spaces/{id}/stop', { params }));
    case 'restart':
      return answer(api.POST('/api/v1/spaces/{id}/restart', { params }));
    case 'update':
      return answer(api.POST('/api/v1/spaces/{id}/update', { params }));
  }
}

/** Waits where it is to be waited for, and says how it stands. */
async function finish(client: Client, space: Space, accepted: Operation, { waitMs, json }: Waiting): Promise<void> {
  const { stdout } = client.context;
  const operation = waitMs === undefined ? accepted : await awaitOperation(client, space, accepted, waitMs);
  if (json) return printJson(stdout, operation);
  const deed = operation.kind.replace(/^space\./, '');
  stdout.write(`${space.name}: ${deed} ${operation.state === 'succeeded' ? 'done' : 'accepted'}\n`);
}
