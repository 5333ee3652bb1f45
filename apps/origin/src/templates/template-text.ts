import { parseTemplate, TemplateError, templateVariables, type TemplateVariables } from '@knot/domain/template';
import { KnotError, templateProblem } from '@knot/shared/errors';

/** Bytes of one text of a template. */
const LARGEST = 10 * 1024 * 1024;
/**
 * Bytes of both texts as JSON: they travel to the leaf in a snapshot of 3 MiB at most, whose rest is for variables. A
 * longer template could be saved, but never be started.
 */
const LARGEST_TO_START = 2.5 * 1024 * 1024;

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

/** Throws `input.too_large` where no space could start from the two texts. */
export function assertStartable(job: string, volumes: string): void {
  const size = Buffer.byteLength(JSON.stringify([job, volumes]));
  if (size <= LARGEST_TO_START) return;
  const message =
    `The texts of the template have ${(size / 1024 / 1024).toFixed(1)} MiB; 2.5 MiB are the most that a space can ` +
    'start from: with its variables they travel to the leaf in one message.';
  throw new KnotError('input.too_large', message, 'Keep large files out of templates, e.g. in an image.');
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
