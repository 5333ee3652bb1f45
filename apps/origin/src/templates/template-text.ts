import { parseTemplate, TemplateError, templateVariables, type TemplateVariables } from '@knot/domain/template';
import { KnotError, templateProblem } from '@knot/shared/errors';

/** Bytes of one text of a template. */
const LARGEST = 10 * 1024 * 1024;

/** Throws `input.too_large` or `template.syntax` with line and column. */
export function assertParses(text: string, body: string): void {
  if (Buffer.byteLength(body) > LARGEST) {
    const message = `The ${text} text has ${(Buffer.byteLength(body) / 1024 / 1024).toFixed(1)} MiB; 10 MiB are the most.`;
    throw new KnotError('input.too_large', message, 'Keep large files out of templates, e.g. in an image.', { text });
  }
  try {
    parseTemplate(body);
  } catch (error) {
    throw asKnotError(error, text);
  }
}

/** A template's own error as ours, with its place; anything else as it is. */
export function asKnotError(error: unknown, text: string): unknown {
  return error instanceof TemplateError ? templateProblem(error, text) : error;
}

/** The variables that two texts may read; each parses, because it was saved. */
export function variablesUsed(job: string, volumes: string): TemplateVariables {
  const parts = [job, volumes].map((text) => templateVariables(parseTemplate(text)));
  return { uses: parts.flatMap((part) => part.uses), dynamic: parts.some((part) => part.dynamic) };
}
