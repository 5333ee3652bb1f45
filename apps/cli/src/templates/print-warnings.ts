import type { TemplateDetail } from '../api/schemas.js';
import type { CommandContext } from '../command-context.js';

/** What a location says of a template's texts, beside the answer; an older server says nothing. */
export function printWarnings({ stderr }: CommandContext, warnings: TemplateDetail['warnings'] = []): void {
  for (const { message, hint } of warnings) stderr.write(`warning: ${message}${hint && ` (${hint})`}\n`);
}
