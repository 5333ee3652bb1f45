import type { Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { allPages, answer } from '../api/api.js';
import { ask, confirmByName } from '../client/ask.js';
import { clientCommand } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { printJson, printTable } from '../output.js';
import { readText } from '../read-text.js';
import { ago } from '../times.js';
import { registerAllow } from '../variables/allow-templates.js';
import { findVariable } from '../variables/find-variable.js';

const LOCATION = ['--location <name>', 'of this location; of every one when left out'] as const;

/** `knot variables ...` */
export function registerVariables(program: Command, context: CommandContext): void {
  const group = program.command('variables').alias('variable').description('values that templates use');
  withExample(group, 'knot variables set registry ghcr.io/acme');
  registerList(group, context);
  registerSet(group, context);
  registerAllow(group, context);
  registerDelete(group, context);
}

interface ListOptions {
  readonly location?: string;
  readonly search?: string;
  readonly json?: boolean;
}

function registerList(group: Command, context: CommandContext): void {
  const list = clientCommand(group, 'list', {
    help: 'list variables; protected values are never shown',
    examples: ['knot variables list --location berlin'],
  }).alias('ls');
  list
    .option('--location <name>', 'only those of it')
    .option('--search <text>', 'only those with it in their name')
    .action(() => runVariablesList(openClient(context, list), list.opts<ListOptions>()));
}

export async function runVariablesList(client: Client, { location, search: q, json }: ListOptions): Promise<void> {
  const { stdout, clock } = client.context;
  const variables = await allPages((cursor) =>
    answer(client.api.GET('/api/v1/variables', { params: { query: { location, q, ...cursor } } })),
  );
  if (json) return printJson(stdout, variables);
  const rows = variables.map((variable) => [
    variable.name,
    variable.location || '(all)',
    [variable.protected && 'protected', variable.restricted && 'restricted'].filter(Boolean).join(', ') || '-',
    ago(variable.updatedAt, clock.now()),
    firstLine(variable.value ?? '***'),
  ]);
  printTable(stdout, ['name', 'location', 'kind', 'set', 'value'], rows);
}

/** Whole blocks of a job are kept in variables: a table shows where they begin. */
function firstLine(value: string): string {
  const [line = '', ...more] = value.split('\n');
  const short = line.length > 60 ? `${line.slice(0, 59)}…` : line;
  return more.length === 0 ? short : `${short} (+${more.length} lines)`;
}

export interface SetVariableInput {
  readonly name: string;
  readonly value: string | undefined;
  readonly file?: string;
  readonly location?: string;
  readonly protected?: boolean;
  readonly restricted?: boolean;
  readonly json?: boolean;
}

function registerSet(group: Command, context: CommandContext): void {
  const set = clientCommand(group, 'set', {
    help: 'set a variable; the value comes from the line, from a file, or from standard input',
    examples: ['knot variables set registry ghcr.io/acme', 'pass show db | knot variables set db_password --protected'],
  });
  set
    .argument('<name>')
    .argument('[value]', 'better not for what is secret: others on this machine can see it')
    .option('--file <file>', 'take the value from it')
    .option(...LOCATION)
    .option(
      '--protected',
      'kept encrypted, never shown again, and for the templates only that `knot variables allow` names',
    )
    .option('--no-protected', 'shown to administrators')
    .option('--restricted', 'never sent to restricted leaves')
    .option('--no-restricted', 'sent to restricted leaves too')
    .action((name: string, value: string | undefined) =>
      runVariablesSet(openClient(context, set), { ...set.opts<Omit<SetVariableInput, 'name'>>(), name, value }),
    );
}

export async function runVariablesSet(client: Client, input: SetVariableInput): Promise<void> {
  const { api, context } = client;
  const { name, location = '', protected: isProtected, restricted } = input;
  if (isProtected && input.value !== undefined) {
    context.stderr.write('warning: a value on the command line can be seen by others; prefer standard input\n');
  }
  const value = await valueOf(context, input);
  const kind = { protected: isProtected, restricted };
  const known = await findVariable(client, name, location);
  const variable =
    known === undefined
      ? await answer(api.POST('/api/v1/variables', { body: { name, location, value, ...kind } }))
      : await answer(
          api.PUT('/api/v1/variables/{id}', {
            params: { path: { id: known.id }, header: { 'If-Match': `"${known.version}"` } },
            body: { value, ...kind },
          }),
        );
  if (input.json) return printJson(context.stdout, variable);
  const where = location === '' ? '' : ` at ${location}`;
  context.stdout.write(`${name}${where} ${known === undefined ? 'created' : 'changed'}\n`);
}

async function valueOf(context: CommandContext, { name, value, file }: SetVariableInput): Promise<string> {
  if (value !== undefined && file !== undefined) {
    throw new KnotError('input.invalid', 'the value is given twice, on the line and by --file');
  }
  if (value !== undefined) return value;
  if (file !== undefined) return readText(context, file);
  if (context.input.interactive) return ask(context, `Value of ${name}`, { hidden: true });
  // what `echo` and editors add is no part of a value of one line
  return (await context.input.readAll()).replace(/^([^\n]*)\r?\n$/, '$1');
}

interface DeleteOptions {
  readonly location?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

function registerDelete(group: Command, context: CommandContext): void {
  const command = clientCommand(group, 'delete', {
    help: 'delete a variable; running spaces keep the value they were started with',
    examples: ['knot variables delete registry'],
  }).alias('rm');
  command
    .argument('<name>')
    .option(...LOCATION)
    .option('--yes', 'do not ask')
    .action((name: string) => runVariablesDelete(openClient(context, command), name, command.opts<DeleteOptions>()));
}

export async function runVariablesDelete(
  client: Client,
  name: string,
  { location = '', yes, json }: DeleteOptions,
): Promise<void> {
  const { api, context } = client;
  const where = location === '' ? 'for every location' : `at ${location}`;
  const known = await findVariable(client, name, location);
  if (known === undefined) {
    const hint = '`knot variables list` shows what there is; --location names the location of one.';
    throw new KnotError('resource.not_found', `there is no variable ${name} ${where}`, hint);
  }
  await confirmByName(context, { name, what: `This deletes the variable ${name} ${where}`, yes: yes === true });
  const header = { 'If-Match': `"${known.version}"` };
  await api.DELETE('/api/v1/variables/{id}', { params: { path: { id: known.id }, header } });
  if (json) printJson(context.stdout, { deleted: name, location });
  else context.stdout.write(`${name} deleted\n`);
}
