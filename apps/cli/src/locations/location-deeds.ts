import type { PortShare } from '@knot/domain';
import { answer } from '../api/api.js';
import type { LocationDetail, Orphan } from '../api/schemas.js';
import { confirmByName } from '../client/ask.js';
import type { Client } from '../client/open-client.js';
import { printJson } from '../output.js';
import { printLocation, printLocations, printOrphans } from './location-table.js';

export interface JsonOption {
  readonly json?: boolean;
}

export async function runLocationsList({ api, context }: Client, { json }: JsonOption): Promise<void> {
  const { items } = await answer(api.GET('/api/v1/locations'));
  if (json) printJson(context.stdout, items);
  else printLocations(context, items);
}

export async function runLocationsShow({ api, context }: Client, name: string, { json }: JsonOption): Promise<void> {
  const location = await answer(api.GET('/api/v1/locations/{name}', { params: { path: { name } } }));
  if (json) printJson(context.stdout, location);
  else printLocation(context, location);
}

/** The one command that prints a secret: it is what it was asked for. */
export async function runLocationsToken({ api, context }: Client, name: string, { json }: JsonOption): Promise<void> {
  const made = await answer(api.POST('/api/v1/locations/{name}/token', { params: { path: { name } } }));
  if (json) return printJson(context.stdout, made);
  context.stdout.write(`${made.token}\n`);
  context.stderr.write(
    `note: this is server.shared_token for the leaf of ${made.location}; it is shown this once, and the one before it has ended\n`,
  );
}

export async function runLocationsInstance(
  { api, context }: Client,
  { name, instance, deed, json }: { name: string; instance: string; deed: 'approve' | 'revoke' } & JsonOption,
): Promise<void> {
  const params = { path: { name, instance } };
  const location =
    deed === 'approve'
      ? await answer(api.POST('/api/v1/locations/{name}/instances/{instance}/approve', { params }))
      : await answer(api.POST('/api/v1/locations/{name}/instances/{instance}/revoke', { params }));
  if (json) printJson(context.stdout, location);
  else context.stdout.write(`${name}: ${instance} is ${deed === 'approve' ? 'let in' : 'cut off'}\n`);
}

export interface PolicyOptions extends JsonOption {
  readonly drivers?: readonly string[];
  readonly hostVolumes?: readonly string[];
  /** With whom ports are shared by default. */
  readonly sharePorts?: PortShare;
  readonly publicPorts?: 'yes' | 'no';
  readonly leafWishes?: 'yes' | 'no';
}

/** What is not given stays as it is. */
export async function runLocationsPolicy(
  { api, context }: Client,
  name: string,
  options: PolicyOptions,
): Promise<void> {
  const { policy, version } = await answer(api.GET('/api/v1/locations/{name}', { params: { path: { name } } }));
  const body = {
    drivers: [...(options.drivers ?? policy.drivers)],
    hostVolumes: [...(options.hostVolumes ?? policy.hostVolumes)],
    ports: {
      share: options.sharePorts ?? policy.ports?.share ?? 'owner',
      public: options.publicPorts === undefined ? policy.ports?.public === true : options.publicPorts === 'yes',
    },
    ...(options.leafWishes && { leafWishes: options.leafWishes === 'yes' }),
  };
  const params = { path: { name }, header: { 'If-Match': `"${version}"` } };
  const changed: LocationDetail = await answer(api.PUT('/api/v1/locations/{name}/policy', { params, body }));
  if (options.json) printJson(context.stdout, changed.policy);
  else {
    const ports = `ports for ${body.ports.share}, ${body.ports.public ? 'public where asked for' : 'none public'}`;
    const lists = `drivers ${list(body.drivers)}; host volumes ${list(body.hostVolumes)}`;
    const wishes = `wishes of its leaf ${changed.policy.leafWishes ? 'heard' : 'refused'}`;
    context.stdout.write(`${name}: ${lists}; ${ports}; ${wishes}\n`);
  }
}

const list = (names: readonly string[]): string => names.join(', ') || 'none';

/** Those of one location, or of all. */
export async function runLocationsOrphans(
  { api, context }: Client,
  name: string | undefined,
  { json }: JsonOption,
): Promise<void> {
  const names =
    name === undefined ? (await answer(api.GET('/api/v1/locations'))).items.map((location) => location.name) : [name];
  const orphans: Orphan[] = [];
  for (const one of names) {
    const { items } = await answer(api.GET('/api/v1/locations/{name}/orphans', { params: { path: { name: one } } }));
    orphans.push(...items);
  }
  if (json) printJson(context.stdout, orphans);
  else printOrphans(context, orphans);
}

export async function runLocationsAdopt(
  { api, context }: Client,
  input: {
    readonly location: string;
    readonly spaceId: string;
    readonly owner?: string;
    readonly name?: string;
  } & JsonOption,
): Promise<void> {
  const { location, spaceId, owner, name, json } = input;
  const params = { path: { name: location, spaceId } };
  const call = api.POST('/api/v1/locations/{name}/orphans/{spaceId}/adopt', { params, body: { owner, name } });
  const space = await answer(call);
  if (json) printJson(context.stdout, space);
  else context.stdout.write(`${space.owner.username}/${space.name} is a space again\n`);
}

export async function runLocationsRemove(
  client: Client,
  input: { readonly location: string; readonly spaceId: string; readonly yes?: boolean } & JsonOption,
): Promise<void> {
  const { api, context } = client;
  const { location, spaceId, yes, json } = input;
  const path = { name: location, spaceId };
  const { items } = await answer(api.GET('/api/v1/locations/{name}/orphans', { params: { path: { name: location } } }));
  const name = items.find((orphan) => orphan.spaceId === spaceId)?.name || spaceId;
  await confirmByName(context, { name, what: `This removes the orphan ${name} with its volumes`, yes: yes === true });
  const operation = await answer(
    api.POST('/api/v1/locations/{name}/orphans/{spaceId}/remove', { params: { path }, body: { confirm: name } }),
  );
  if (json) printJson(context.stdout, operation);
  else context.stdout.write(`${name} is to be removed\n`);
}

export async function runLocationsForget(
  { api, context }: Client,
  name: string,
  { yes, json }: { readonly yes?: boolean } & JsonOption,
): Promise<void> {
  const what = `This gives up the location ${name}: its spaces become orphans`;
  await confirmByName(context, { name, what, yes: yes === true });
  const params = { path: { name } };
  const done = await answer(api.POST('/api/v1/locations/{name}/force-forget', { params, body: { confirm: name } }));
  if (json) printJson(context.stdout, done);
  else context.stdout.write(`${name} is forgotten; ${done.spaces} spaces are orphans now\n`);
}
