export class TemplateViews {}
