/**
 * Rules for what people may call things. Each answers null for a good name, else a sentence that says what is wrong.
 */
export type NameRule = (name: string) => string | null;

/** Becomes a label of host names (`<user>--<space>--<port>`), so a double hyphen is what parts it. */
export const spaceNameProblem: NameRule = (name) =>
  labelProblem(name, 'The name of a space') ??
  (name.length < 2 ? 'The name of a space has 2 characters or more.' : null);

export const usernameProblem: NameRule = (name) => labelProblem(name, 'A user name');

export const templateNameProblem: NameRule = (name) => titleProblem(name, 'The name of a template');

export const groupNameProblem: NameRule = (name) => titleProblem(name, 'The name of a group');

export const roleNameProblem: NameRule = (name) =>
  titleProblem(name, 'The name of a role') ??
  (/^(administrator|user)$/i.test(name) ? 'Administrator and User are the roles that are always there.' : null);

export const tokenNameProblem: NameRule = (name) => titleProblem(name, 'The name of a token');

export const volumeNameProblem: NameRule = (name) =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)
    ? null
    : 'The name of a volume is 1 to 64 letters, digits, dots, underscores or hyphens and begins with a letter or digit.';

export const variableNameProblem: NameRule = (name) =>
  /^[A-Za-z][A-Za-z0-9_]{1,63}$/.test(name)
    ? null
    : 'The name of a variable is a letter followed by 1 to 63 letters, digits or underscores.';

/** The same rule as `server.location` in knot.yaml. */
export const locationNameProblem: NameRule = (name) =>
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)
    ? null
    : 'The name of a location is 1 to 64 letters, digits, dots, underscores or hyphens and begins with a letter or digit.';

export const emailProblem: NameRule = (text) =>
  /^[^\s@<>"']+@[^\s@<>"']+$/.test(text) && !UNSHOWABLE.test(text) && text.length <= 254
    ? null
    : 'An e-mail address has the form name@example.com.';

/** Length is what makes a password; the rest keeps out what everybody tries first. */
export function passwordProblem(password: string, username: string): string | null {
  if (password.length < 10) return 'A password has 10 characters or more.';
  if (password.length > 256) return 'A password has at most 256 characters.';
  if (new Set(password).size < 5) return 'A password has at least 5 different characters.';
  if (isTriedFirst(password)) return 'A password is not one of those that everybody tries first.';
  if (username !== '' && password.toLowerCase().includes(username.toLowerCase())) {
    return 'A password does not contain the user name.';
  }
  return null;
}

/** Runs along a keyboard or an alphabet, and words that passwords are made of everywhere. */
const TRIED_FIRST = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm',
];
const WEAK_WORDS = /password|passwort|letmein|welcome|iloveyou|administrator|changeme|secret|qwerty|admin|login/g;

/** Whether little is left of it without what is tried first, and digits or signs at its ends. */
function isTriedFirst(password: string): boolean {
  const plain = password.toLowerCase();
  if (TRIED_FIRST.some((run) => run.includes(plain) || [...run].reverse().join('').includes(plain))) return true;
  const rest = plain.replace(WEAK_WORDS, '');
  return rest.length < plain.length && rest.replace(/[\d\W_]/g, '').length < 4;
}

function labelProblem(name: string, what: string): string | null {
  if (!/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(name)) {
    return `${what} begins with a letter and goes on with up to 63 letters, digits or hyphens.`;
  }
  if (name.includes('--'))
    return `${what} holds no two hyphens in a row: they part user, space and port in host names.`;
  return name.endsWith('-') ? `${what} does not end with a hyphen.` : null;
}

/** What no text on a screen needs: control characters, those that turn the direction, and what begins a tag. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const UNSHOWABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069<>]/;

function titleProblem(name: string, what: string): string | null {
  if (name.trim() !== name || name === '') return `${what} is not empty and has no space at its ends.`;
  if (name.length > 64) return `${what} has at most 64 characters.`;
  return UNSHOWABLE.test(name) ? `${what} holds no control characters, no < and no >.` : null;
}
