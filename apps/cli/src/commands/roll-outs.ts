import type { Command } from 'commander';
import { allPages, answer } from '../api/api.js';
import type { RollOutProgress } from '../api/schemas.js';
import { clientCommand } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { printFacts, printJson, printSection, printTable } from '../output.js';
import { wordsOf } from '../roll-outs/follow-roll-out.js';
import { ago } from '../times.js';

interface JsonOption {
  readonly json?: boolean;
}

/** `knot roll-outs ...` */
export function registerRollOuts(program: Command, context: CommandContext): void {
  const group = program
    .command('roll-outs')
    .alias('roll-out')
    .description('versions of templates on their way to spaces; `knot templates roll-out` begins one');
  withExample(group, 'knot roll-outs resume 0196…');
  const list = clientCommand(group, 'list', {
    help: 'list them, newest first',
    examples: ['knot roll-outs list'],
  }).alias('ls');
  list.action(() => runRollOutsList(openClient(context, list), list.opts<JsonOption>()));
  const show = clientCommand(group, 'show', {
    help: 'show how far one has come, and what each space that failed says',
    examples: ['knot roll-outs show 0196…'],
  });
  show.argument('<id>').action((id: string) => runRollOutsShow(openClient(context, show), id, show.opts<JsonOption>()));
  registerDeeds(group, context);
}

function registerDeeds(group: Command, context: CommandContext): void {
  for (const [name, help] of [
    ['hold', 'hold it: what updates goes on, nothing else begins'],
    ['end', 'end it for good; what has the version keeps it'],
    ['back', 'save the version before as the present one and bring it to the spaces that took the new one'],
  ] as const) {
    const deed = clientCommand(group, name, { help, examples: [`knot roll-outs ${name} 0196…`] });
    deed
      .argument('<id>')
      .action((id: string) => runRollOutsDeed(openClient(context, deed), id, name, deed.opts<JsonOption>()));
  }
  const resume = clientCommand(group, 'resume', {
    help: 'go on with one that was held; its failures so far count no more',
    examples: ['knot roll-outs resume 0196… --again'],
  });
  resume
    .argument('<id>')
    .option('--again', 'try those that failed once more')
    .action((id: string) =>
      runRollOutsResume(openClient(context, resume), id, resume.opts<{ again?: boolean } & JsonOption>()),
    );
}

export async function runRollOutsList({ api, context }: Client, { json }: JsonOption): Promise<void> {
  const all = await allPages((cursor) => answer(api.GET('/api/v1/roll-outs', { params: { query: cursor } })));
  if (json) return printJson(context.stdout, all);
  const now = context.clock.now();
  const rows = all.map((one) => [
    ...[one.id, one.template, String(one.number), one.state, wordsOf(one), one.actor, ago(one.createdAt, now)],
  ]);
  printTable(context.stdout, ['id', 'template', 'version', 'state', 'progress', 'by', 'begun'], rows);
}

export async function runRollOutsShow({ api, context }: Client, id: string, { json }: JsonOption): Promise<void> {
  const { stdout } = context;
  const one = await answer(api.GET('/api/v1/roll-outs/{id}', { params: { path: { id } } }));
  const params = { path: { id } };
  const spaces = await allPages((cursor) =>
    answer(api.GET('/api/v1/roll-outs/{id}/spaces', { params: { ...params, query: cursor } })),
  );
  if (json) return printJson(stdout, { ...one, spaces });
  print(context, one);
  const rows = spaces.map(({ name, owner, location, stage, state, message, hint }) => [
    ...[`${owner}/${name}`, location, String(stage + 1), state, `${message} ${hint}`.trim()],
  ]);
  printSection(stdout, 'Spaces', ['space', 'location', 'stage', 'state', 'message'], rows);
}

async function runRollOutsDeed(
  { api, context }: Client,
  id: string,
  deed: 'hold' | 'end' | 'back',
  { json }: JsonOption,
): Promise<void> {
  const params = { path: { id } };
  const ask = {
    hold: () => answer(api.POST('/api/v1/roll-outs/{id}/hold', { params })),
    end: () => answer(api.POST('/api/v1/roll-outs/{id}/end', { params })),
    back: () => answer(api.POST('/api/v1/roll-outs/{id}/back', { params })),
  };
  const one = await ask[deed]();
  if (json) printJson(context.stdout, one);
  else print(context, one);
}

async function runRollOutsResume(
  { api, context }: Client,
  id: string,
  { again, json }: { readonly again?: boolean } & JsonOption,
): Promise<void> {
  const body = { again };
  const one = await answer(api.POST('/api/v1/roll-outs/{id}/resume', { params: { path: { id } }, body }));
  if (json) printJson(context.stdout, one);
  else print(context, one);
}

function print({ stdout }: CommandContext, one: RollOutProgress): void {
  printFacts(stdout, [
    ['roll-out', one.id],
    ['template', `${one.template}, version ${one.number}`],
    ['state', [one.state, one.reason].filter((text) => text !== '').join(': ')],
    ['progress', wordsOf(one)],
    ['when', one.moment === 'now' ? '' : 'each space at its next stop'],
    ['limit', `${one.failureLimit} % of failures, ${one.atOnce} at a time`],
    ['by', one.actor],
  ]);
}
