export type { TemplateLimits } from './evaluation/limits.js';
export { FUNCTION_NAMES } from './functions/function-table.js';
export { renderPart } from './render-part.js';
export { parseTemplate } from './render-template.js';
export type { ParsedTemplate } from './syntax/ast.js';
export { TemplateError, type TemplateErrorKind } from './template-error.js';
export { templateVariables, type TemplateVariables, type VariableUse } from './variables/template-variables.js';
