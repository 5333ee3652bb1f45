import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { Template, TemplateDetail } from '../api/schemas.js';
import { confirmByName } from '../client/ask.js';
import type { Client } from '../client/open-client.js';
import { printJson } from '../output.js';
import { readText } from '../read-text.js';
import { findTemplate } from './find-template.js';
import { portsOf, type PortOptions } from './template-ports.js';
import { printWarnings } from './print-warnings.js';

export const RESTARTS = ['always', 'on-failure', 'never'] as const;

export interface TemplateOptions extends PortOptions {
  readonly job?: string;
  readonly volumes?: string;
  readonly description?: string;
  readonly restart?: (typeof RESTARTS)[number];
  readonly exception?: readonly string[];
  readonly note?: string;
  readonly json?: boolean;
}

export async function runTemplatesCreate(
  client: Client,
  name: string,
  options: TemplateOptions & Pick<Template, 'platform'>,
): Promise<void> {
  const { api, context } = client;
  const { platform, description, restart, note } = options;
  if (options.job === undefined && platform !== 'manual') {
    throw new KnotError('input.invalid', 'a template needs a job', 'Give the file by --job, or - for standard input.');
  }
  const { job = '', volumes } = await readTexts(client, options);
  const exceptions = options.exception && [...options.exception];
  const body = { name, platform, job, volumes, description, restart, note, exceptions, ports: portsOf(options, []) };
  const template = await answer(api.POST('/api/v1/templates', { body }));
  printWarnings(context, template.warnings);
  if (options.json) printJson(context.stdout, template);
  else context.stdout.write(`${template.name} created, version ${template.present}\n`);
}

/** What is not given stays as it is. */
export async function runTemplatesUpdate(
  client: Client,
  wanted: string,
  options: TemplateOptions & { readonly name?: string },
): Promise<void> {
  const { api, context } = client;
  const { id } = await findTemplate(client, wanted);
  const saved = await answer(api.GET('/api/v1/templates/{id}', { params: { path: { id } } }));
  const texts = await readTexts(client, options);
  const body = {
    name: options.name ?? saved.name,
    description: options.description ?? saved.description,
    job: texts.job ?? savedText(saved, 'job'),
    volumes: texts.volumes ?? savedText(saved, 'volumes'),
    restart: options.restart ?? saved.restart,
    exceptions: [...(options.exception ?? saved.exceptions)],
    note: options.note,
    ports: portsOf(options, saved.ports),
  };
  const params = { path: { id }, header: { 'If-Match': `"${saved.version}"` } };
  const template = await answer(api.PUT('/api/v1/templates/{id}', { params, body }));
  printWarnings(context, template.warnings);
  if (options.json) return printJson(context.stdout, template);
  const what = template.present === saved.present ? 'saved; its version stays' : 'saved as version';
  context.stdout.write(`${template.name} ${what} ${template.present}\n`);
}

export async function runTemplatesRollBack(
  client: Client,
  wanted: string,
  number: number,
  { note, json }: { readonly note?: string; readonly json?: boolean },
): Promise<void> {
  const { api, context } = client;
  const params = { path: { id: (await findTemplate(client, wanted)).id } };
  const template = await answer(api.POST('/api/v1/templates/{id}/roll-back', { params, body: { number, note } }));
  printWarnings(context, template.warnings);
  if (json) printJson(context.stdout, template);
  else context.stdout.write(`${template.name} saved as version ${template.present}, equal to version ${number}\n`);
}

function savedText(template: TemplateDetail, which: 'job' | 'volumes'): string {
  const text = template[which];
  if (text !== undefined) return text;
  throw new KnotError('access.denied', `the ${which} of a template are for administrators`, 'Ask an administrator.');
}

async function readTexts(
  { context }: Client,
  { job, volumes }: { readonly job?: string; readonly volumes?: string },
): Promise<{ job?: string; volumes?: string }> {
  if (job === '-' && volumes === '-') {
    throw new KnotError('input.invalid', 'only one of --job and --volumes can come from standard input');
  }
  return {
    ...(job !== undefined && { job: await readText(context, job) }),
    ...(volumes !== undefined && { volumes: await readText(context, volumes) }),
  };
}

export async function runTemplatesDelete(
  client: Client,
  wanted: string,
  { yes, json }: { readonly yes?: boolean; readonly json?: boolean },
): Promise<void> {
  const { id, name } = await findTemplate(client, wanted);
  const what = `This deletes the template ${name} with all its versions`;
  await confirmByName(client.context, { name, what, yes: yes === true });
  await client.api.DELETE('/api/v1/templates/{id}', { params: { path: { id }, query: { confirm: name } } });
  if (json) printJson(client.context.stdout, { deleted: name });
  else client.context.stdout.write(`${name} deleted\n`);
}
