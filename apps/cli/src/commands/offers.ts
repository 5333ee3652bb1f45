import type { Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { Offer } from '../api/schemas.js';
import { clientCommand } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { printJson, printTable } from '../output.js';

interface JsonOption {
  readonly json?: boolean;
}

const WHICH = 'owner/space as the list shows it, or its id';

/** `knot offers ...` */
export function registerOffers(program: Command, context: CommandContext): void {
  const group = program.command('offers').alias('offer').description('spaces that are shared or given away');
  withExample(group, 'knot offers accept ann/web');
  const list = clientCommand(group, 'list', {
    help: 'list what you are offered, what you offer, and what is shared',
    examples: ['knot offers list'],
  }).alias('ls');
  list.action(() => runOffersList(openClient(context, list), list.opts<JsonOption>()));
  const accept = clientCommand(group, 'accept', {
    help: 'share the space that you are offered, or take it over',
    examples: ['knot offers accept ann/web'],
  });
  accept
    .argument('<offer>', WHICH)
    .action((wanted: string) => runOffersAccept(openClient(context, accept), wanted, accept.opts<JsonOption>()));
  const end = clientCommand(group, 'end', {
    help: 'decline an offer, take it back, or end the sharing of a space',
    examples: ['knot offers end ann/web --user joe'],
  });
  end
    .argument('<offer>', WHICH)
    .option('--user <user>', 'whom it was offered to, where several have an offer of the space')
    .action((wanted: string) =>
      runOffersEnd(openClient(context, end), wanted, end.opts<{ user?: string } & JsonOption>()),
    );
}

export async function runOffersList(client: Client, { json }: JsonOption): Promise<void> {
  const offers = await allOffers(client);
  if (json) return printJson(client.context.stdout, offers);
  const rows = offers.map((offer) => [
    calledAs(offer),
    offer.deed,
    offer.from.username,
    offer.to.username,
    offer.state,
  ]);
  printTable(client.context.stdout, ['space', 'deed', 'from', 'to', 'state'], rows);
}

export async function runOffersAccept(client: Client, wanted: string, { json }: JsonOption): Promise<void> {
  const { api, context } = client;
  const { id: me } = await answer(api.GET('/api/v1/me'));
  const offers = (await allOffers(client)).filter(({ to, state }) => to.id === me && state === 'open');
  const offer = theOne(offers, wanted);
  const space = await answer(api.POST('/api/v1/offers/{id}/accept', { params: { path: { id: offer.id } } }));
  if (json) return printJson(context.stdout, space);
  const what = offer.deed === 'share' ? `is shared with you` : `is yours, stopped, as ${space.name}`;
  context.stdout.write(`${calledAs(offer)} ${what}\n`);
}

export async function runOffersEnd(
  client: Client,
  wanted: string,
  { user, json }: { readonly user?: string } & JsonOption,
): Promise<void> {
  const offers = (await allOffers(client)).filter(({ to }) => user === undefined || isSame(to.username, user));
  const offer = theOne(offers, wanted);
  await client.api.DELETE('/api/v1/offers/{id}', { params: { path: { id: offer.id } } });
  if (json) printJson(client.context.stdout, { ended: offer.id });
  else client.context.stdout.write(`${calledAs(offer)}: ${offer.deed} with ${offer.to.username} ended\n`);
}

async function allOffers({ api }: Client): Promise<readonly Offer[]> {
  return (await answer(api.GET('/api/v1/offers', { params: { query: {} } }))).items;
}

function calledAs({ space }: Offer): string {
  return `${space.owner.username}/${space.name}`;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The offer that a person means; several of one space are refused rather than guessed. */
function theOne(offers: readonly Offer[], wanted: string): Offer {
  const meant = offers.filter(
    (offer) => offer.id === wanted || isSame(calledAs(offer), wanted) || isSame(offer.space.name, wanted),
  );
  const [first] = meant;
  if (first === undefined) {
    throw new KnotError('resource.not_found', `there is no such offer of ${wanted}`, '`knot offers list` shows them.');
  }
  if (meant.length > 1) {
    const ids = meant.map(({ id, deed, to }) => `${id} (${deed} with ${to.username})`);
    throw new KnotError('input.invalid', `${wanted} may be one of ${ids.join(', ')}`, 'Name one by its id.');
  }
  return first;
}
