export type { TemplateLimits } from './evaluation/limits.js';
export { FUNCTION_NAMES } from './functions/function-table.js';
export { nearestName } from './nearest-name.js';
export { parseTemplate, renderTemplate, type RenderOptions, type TemplateFormat } from './render-template.js';
export { snapshotTemplateData } from './snapshot-template-data.js';
export type { ParsedTemplate } from './syntax/ast.js';
export { TemplateError, type TemplateErrorKind } from './template-error.js';
export { trusted, userField, type MarkedValue, type TemplateData } from './values/data.js';
export { templateVariables, type TemplateVariables, type VariableUse } from './variables/template-variables.js';
