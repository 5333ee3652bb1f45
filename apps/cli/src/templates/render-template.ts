import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import { printJson } from '../output.js';
import { readText } from '../read-text.js';
import { findTemplate } from './find-template.js';
import { printWarnings } from './print-warnings.js';

export interface RenderOptions {
  readonly location?: string;
  readonly job?: string;
  readonly volumes?: string;
  readonly json?: boolean;
}

/** Prints the rendered texts, or fails with each problem, its file, line and column. */
export async function runTemplatesRender(client: Client, wanted: string, options: RenderOptions): Promise<void> {
  const { api, context } = client;
  const { id } = await findTemplate(client, wanted);
  const body = {
    location: options.location,
    job: options.job === undefined ? undefined : await readText(context, options.job),
    volumes: options.volumes === undefined ? undefined : await readText(context, options.volumes),
  };
  const result = await answer(api.POST('/api/v1/templates/{id}/render-test', { params: { path: { id } }, body }));
  printWarnings(context, result.warnings);
  if (options.json) printJson(context.stdout, result);
  if (!result.ok) {
    const problems = result.problems.map(({ text, line, column, message, hint }) => {
      const place = `${options[text] ?? text}${line === 0 ? '' : `:${line}:${column}`}`;
      return `${place}: ${message}${hint && ` (${hint})`}`;
    });
    throw new KnotError('template.render', ['the template cannot be rendered', ...problems].join('\n  '));
  }
  if (options.json) return;
  const parts = [result.job, result.volumes].filter((text) => text.trim() !== '');
  context.stdout.write(parts.map((text) => text.replace(/\n*$/, '\n')).join('\n'));
}
