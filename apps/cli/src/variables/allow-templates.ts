import type { Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import { clientCommand } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { printJson } from '../output.js';
import { findTemplate } from '../templates/find-template.js';
import { findVariable } from './find-variable.js';

interface AllowOptions {
  readonly location?: string;
  readonly json?: boolean;
}

/** `knot variables allow` */
export function registerAllow(group: Command, context: CommandContext): void {
  const allow = clientCommand(group, 'allow', {
    help: 'say which templates may use a protected variable: those named and no other',
    examples: ['knot variables allow db_password dev', 'knot variables allow db_password'],
  });
  allow
    .argument('<name>')
    .argument('[template...]', 'names or ids; with none, no template may use it')
    .option('--location <name>', 'of this location; of every one when left out')
    .action((name: string, templates: string[]) =>
      runVariablesAllow(openClient(context, allow), name, templates, allow.opts<AllowOptions>()),
    );
}

export async function runVariablesAllow(
  client: Client,
  name: string,
  wanted: readonly string[],
  { location = '', json }: AllowOptions,
): Promise<void> {
  const known = await findVariable(client, name, location);
  if (known === undefined) {
    const hint = '`knot variables list` shows what there is; --location names the location of one.';
    throw new KnotError('resource.not_found', `there is no variable ${name}`, hint);
  }
  if (!known.protected) {
    const hint = 'Every template may use it; `knot variables set` with --protected changes that.';
    throw new KnotError('state.refused', `${name} is not protected`, hint);
  }
  const templates = await Promise.all(wanted.map((one) => findTemplate(client, one)));
  const params = { path: { id: known.id }, header: { 'If-Match': `"${known.version}"` } };
  const body = { templates: templates.map(({ id }) => id) };
  const variable = await answer(client.api.PUT('/api/v1/variables/{id}', { params, body }));
  const { stdout } = client.context;
  if (json) return printJson(stdout, variable);
  const names = templates.map((template) => template.name).sort();
  stdout.write(`${name} may be used by ${names.length > 0 ? names.join(', ') : 'no template'}\n`);
}
