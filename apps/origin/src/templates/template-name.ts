/** Scope of the names of templates: one template has a name, whatever its case. */
export const TEMPLATE_NAME = 'template.name';

/** Value of the unique scope `template.name`. */
export function templateNameClaim(name: string): string {
  return name.toLowerCase();
}
