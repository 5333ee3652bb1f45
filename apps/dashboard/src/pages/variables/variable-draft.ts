import type { Variable, VariableCreate, VariablePut } from '../../api/schemas.js';

/** What the form holds. */
export interface VariableDraft {
  readonly name: string;
  /** '' is every location. */
  readonly location: string;
  readonly value: string;
  readonly isProtected: boolean;
  readonly restricted: boolean;
  /** Ids. */
  readonly templates: readonly string[];
}

export function newVariable(): VariableDraft {
  return { name: '', location: '', value: '', isProtected: false, restricted: false, templates: [] };
}

export function draftOfVariable(variable: Variable): VariableDraft {
  const { name, location, value, restricted, templates } = variable;
  return { name, location, value: value ?? '', isProtected: variable.protected, restricted, templates };
}

export function createOfVariable(draft: VariableDraft): VariableCreate {
  const { name, location, value, isProtected, restricted } = draft;
  return { name, location, value, protected: isProtected, restricted, templates: templatesOf(draft) };
}

/** A protected value that was left empty stays as it is. */
export function putOfVariable(draft: VariableDraft, before: Variable): VariablePut {
  const { value, isProtected, restricted } = draft;
  const keeps = before.protected && isProtected && value === '';
  return { ...(keeps ? {} : { value }), protected: isProtected, restricted, templates: templatesOf(draft) };
}

function templatesOf({ isProtected, templates }: VariableDraft): string[] {
  return isProtected ? [...templates] : [];
}
