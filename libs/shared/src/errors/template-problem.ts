import type { TemplateError } from '@knot/domain/template';
import { KnotError } from './knot-error.js';

/** What is wrong with one text of a template (`job`, `volumes`), with its place, as an error for its reader. */
export function templateProblem(error: TemplateError, text: string): KnotError {
  const { kind, line, column, message, hint } = error;
  const sentence = `The ${text} text, line ${line}, column ${column}: ${message}.`;
  return new KnotError(`template.${kind}`, sentence, hint, { text, line, column, problem: message }, { cause: error });
}
