import { answer } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import { printJson } from '../output.js';
import { readText } from '../read-text.js';
import { templateNamed } from './find-template.js';
import { parsePeerTemplate } from './peer-template.js';
import { printWarnings } from './print-warnings.js';

export interface ImportOptions {
  readonly timezone?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Makes a template of what the existing program of the same name exported, or saves it as a version of the one of its name. */
export async function runTemplatesImport(client: Client, file: string, options: ImportOptions): Promise<void> {
  const { api, context } = client;
  const { notes, windows, platform, ...wanted } = parsePeerTemplate(await readText(context, file), file);
  const timezone = options.timezone ?? context.timeZone;
  const schedule = windows.length === 0 ? null : { timezone, windows, holidays: [], autoStart: false };
  const body = { ...wanted, schedule, note: 'imported' };
  for (const note of notes) context.stderr.write(`note: ${note}\n`);
  const known = await templateNamed(client, wanted.name);
  const what = known ? 'would be saved as the next version of' : 'would be made:';
  if (options.dryRun) {
    if (options.json) return printJson(context.stdout, { ...body, platform });
    context.stdout.write(`${what} ${wanted.name}, for ${platform}\n`);
    return;
  }
  const saved = known
    ? await answer(
        api.PUT('/api/v1/templates/{id}', {
          params: { path: { id: known.id }, header: { 'If-Match': `"${known.version}"` } },
          body,
        }),
      )
    : await answer(api.POST('/api/v1/templates', { body: { ...body, platform } }));
  printWarnings(context, saved.warnings);
  if (options.json) printJson(context.stdout, saved);
  else context.stdout.write(`${saved.name} imported, version ${saved.present}\n`);
}
