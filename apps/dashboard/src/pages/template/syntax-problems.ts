import { parseTemplate, TemplateError } from '@knot/domain/template';
import type { TextProblem } from '../../api/schemas.js';

/** None or one: the parser stops at the first. */
export function syntaxProblems(text: TextProblem['text'], source: string): readonly TextProblem[] {
  try {
    parseTemplate(source);
    return [];
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const { kind, line, column, message, hint } = error;
    return [{ text, code: `template.${kind}`, line, column, message: `${message}.`, hint }];
  }
}
