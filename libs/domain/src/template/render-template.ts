import type { FormatScanner } from './escape/format-scanner.js';
import { HclScanner } from './escape/hcl-scanner.js';
import { JsonScanner } from './escape/json-scanner.js';
import { LaterStageGuard } from './escape/later-stage-guard.js';
import { TextScanner } from './escape/text-scanner.js';
import { YamlScanner } from './escape/yaml-scanner.js';
import { Evaluator } from './evaluation/evaluator.js';
import { Budget, DEFAULT_LIMITS, utf8Length, type TemplateLimits } from './evaluation/limits.js';
import { FUNCTION_NAMES } from './functions/function-table.js';
import type { ParsedTemplate } from './syntax/ast.js';
import { Parser } from './syntax/parser.js';
import { SourceText } from './syntax/source-text.js';
import { TemplateError } from './template-error.js';
import { rootValue, type TemplateData } from './values/data.js';
import { LimitError } from './values/limit-error.js';

/** What the text around the actions is written in. `hcl` and `json` are a Nomad job, which Nomad reads a second time. */
export type TemplateFormat = 'hcl' | 'yaml' | 'json' | 'text';

export interface RenderOptions {
  readonly format: TemplateFormat;
  readonly limits?: Partial<TemplateLimits>;
}

/** @throws TemplateError of kind `syntax`, never anything else, whatever the text */
export function parseTemplate(text: string, limits: Partial<TemplateLimits> = {}): ParsedTemplate {
  const { textBytes } = { ...DEFAULT_LIMITS, ...limits };
  if (text.length > textBytes || utf8Length(text) > textBytes) {
    const size = `${Math.floor(textBytes / 1024 / 1024)} MiB (${textBytes} bytes)`;
    throw new TemplateError(
      'syntax',
      1,
      1,
      `the template is larger than ${size}`,
      'Keep large files out of templates.',
    );
  }
  return new Parser(new SourceText(text), FUNCTION_NAMES).run();
}

/**
 * The text that a template makes of `data`. The same template and data always make the same text. A value is escaped for where
 * it lands; one that cannot be written there without changing what is around it is an error.
 * @throws TemplateError
 */
export function renderTemplate(
  template: string | ParsedTemplate,
  data: { readonly [group: string]: TemplateData },
  options: RenderOptions,
): string {
  const parsed = typeof template === 'string' ? parseTemplate(template, options.limits) : template;
  const budget = new Budget({ ...DEFAULT_LIMITS, ...options.limits });
  try {
    return new Evaluator(parsed, scannerOf(options.format), budget).run(rootValue(data));
  } catch (problem) {
    if (problem instanceof LimitError) throw new TemplateError('render', 1, 1, problem.message, '');
    throw problem;
  }
}

function scannerOf(format: TemplateFormat): FormatScanner {
  switch (format) {
    case 'hcl':
      return new LaterStageGuard(new HclScanner());
    case 'json':
      return new LaterStageGuard(new JsonScanner());
    case 'yaml':
      return new YamlScanner();
    case 'text':
      return new TextScanner();
  }
}
