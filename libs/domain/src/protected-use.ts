import { may, type Actor } from './permission.js';

/** A variable as far as it depends on it who gets its value. */
export interface GuardedVariable {
  readonly name: string;
  readonly protected: boolean;
  /** Ids of the templates that may use it while it is protected. */
  readonly templates: readonly string[];
}

/** A version of a template as far as values are given to it. */
export interface AskingVersion {
  readonly templateId: string;
  /** User name of who approved it; '' when nobody has. */
  readonly approvedBy: string;
}

/** Whether a version of a template gets the value of a variable; if not, what is lacking. */
export function protectedUse(
  variable: Omit<GuardedVariable, 'name'>,
  version: AskingVersion,
): 'granted' | 'not-named' | 'not-approved' {
  if (!variable.protected) return 'granted';
  if (!variable.templates.includes(version.templateId)) return 'not-named';
  return version.approvedBy === '' ? 'not-approved' : 'granted';
}

/** Who approves a version by saving it: whoever may approve it anyway. '' when somebody else has to. */
export function approvedBySaving(author: Actor, now: number): string {
  return may(author, 'template.approve', now).granted ? author.username : '';
}
