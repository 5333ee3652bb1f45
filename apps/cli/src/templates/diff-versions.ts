import type { components } from '@knot/contract';
import { answer } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import { plain, printJson } from '../output.js';
import { findTemplate } from './find-template.js';

type VersionDiff = components['schemas']['TemplateVersionDiff'];

/** `to` is the present version when left out. */
export async function runTemplatesDiff(
  client: Client,
  wanted: string,
  { from, to, json }: { readonly from: number; readonly to?: number | undefined; readonly json?: boolean },
): Promise<void> {
  const { api, context } = client;
  const { id, name, present } = await findTemplate(client, wanted);
  const path = { id, number: from, other: to ?? present };
  const diff = await answer(api.GET('/api/v1/templates/{id}/versions/{number}/diff/{other}', { params: { path } }));
  if (json) return printJson(context.stdout, diff);
  const lines = linesOf(diff);
  if (lines.length === 0) lines.push(`versions ${diff.from} and ${diff.to} of ${name} are the same`);
  for (const line of lines) context.stdout.write(`${plain(line)}\n`);
}

function linesOf({ restart, exceptionsAdded, exceptionsRemoved, job, volumes }: VersionDiff): string[] {
  return [
    ...(restart ? [`restart: ${restart.from} -> ${restart.to}`] : []),
    ...exceptionsRemoved.map((name) => `exception removed: ${name}`),
    ...exceptionsAdded.map((name) => `exception added: ${name}`),
    ...[job, volumes].filter((text) => text !== '').map((text) => text.replace(/\n$/, '')),
  ];
}
