import { chooseVariables, protectedUse } from '@knot/domain';
import type { KeyRing } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { Store, TemplateVersionRow, VariableRow } from '@knot/shared/store';
import { variablesUsed } from '../templates/template-text.js';
import { clearValue } from '../variables/variables.js';

const PAGE = 500;

/** By the row itself, which the store hands out again for as long as it keeps it: a version never changes. */
const used = new WeakMap<TemplateVersionRow, ReturnType<typeof variablesUsed>>();

/** The variables of a template at a location, as they are now. */
export class VariableSource {
  constructor(
    private readonly store: Store,
    private readonly keys: KeyRing,
  ) {}

  /** All variables that hold at a location, by name. */
  async at(location: string): Promise<ReadonlyMap<string, VariableRow>> {
    const [global, own] = await Promise.all([this.ofLocation(''), this.ofLocation(location)]);
    return chooseVariables([...global, ...own], location);
  }

  /**
   * Values in clear of what the texts use, by name. Throws `template.render` for a required one that is missing and
   * `access.denied` for a protected one that is named and not for this version; texts that may read any variable go
   * without those.
   */
  async values(version: TemplateVersionRow, location: string): Promise<Record<string, string>> {
    return (await this.frozen(version, location)).values;
  }

  /** `values`, and which of them are protected. */
  async frozen(
    version: TemplateVersionRow,
    location: string,
  ): Promise<{ readonly values: Record<string, string>; readonly protectedNames: readonly string[] }> {
    const { uses, dynamic } = used.get(version) ?? variablesUsed(version.job, version.volumes);
    used.set(version, { uses, dynamic });
    if (uses.length === 0 && !dynamic) return { values: {}, protectedNames: [] };
    const chosen = await this.at(location);
    for (const { name, required, line, column } of uses) {
      const row = chosen.get(name);
      if (row) await this.assertGranted(row, version);
      else if (required) throw missing(name, location, line, column);
    }
    const names = dynamic ? [...chosen.keys()] : uses.map(({ name }) => name);
    const rows = [...new Set(names)]
      .sort()
      .flatMap((name) => chosen.get(name) ?? [])
      .filter((row) => protectedUse(row, version) === 'granted');
    return {
      values: Object.fromEntries(rows.map((row) => [row.name, clearValue(this.keys, row)])),
      protectedNames: rows.filter((row) => row.protected).map(({ name }) => name),
    };
  }

  private async assertGranted(variable: VariableRow, version: TemplateVersionRow): Promise<void> {
    const use = protectedUse(variable, version);
    if (use === 'granted') return;
    const name = (await this.store.get('template', version.templateId))?.name ?? '';
    const [message, hint] =
      use === 'not-named'
        ? [
            `The protected variable ${variable.name} is not for the template ${name}.`,
            `An administrator can let it: knot variables allow ${variable.name} ${name}.`,
          ]
        : [
            `Version ${version.number} of the template ${name} uses the protected variable ${variable.name} and was not approved.`,
            'An administrator who has looked at it can approve the version.',
          ];
    const details = { variable: variable.name, template: name, version: version.number };
    throw new KnotError('access.denied', message, hint, details);
  }

  private async ofLocation(location: string): Promise<readonly VariableRow[]> {
    const all: VariableRow[] = [];
    for (let after: string | undefined; ;) {
      const { rows, next } = await this.store.page('variable', { where: { location }, limit: PAGE, after });
      all.push(...rows);
      if (next === null) return all;
      after = next;
    }
  }
}

function missing(name: string, location: string, line: number, column: number): KnotError {
  const message = `The template uses the variable ${name}, and there is none of this name for the location ${location}.`;
  const hint = `An administrator can create it: knot variables set ${name}.`;
  return new KnotError('template.render', message, hint, { variable: name, location, line, column });
}
