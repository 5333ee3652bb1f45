/**
 * Why a sign-in by the provider, or a link to it, led nowhere. The address of the page that says so holds one of these
 * words and never a sentence, which anybody could write into an address.
 */
export const SIGN_IN_PROBLEMS = [
  'not-begun',
  'not-let-in',
  'other-user',
  'deactivated',
  'no-user',
  'no-email',
  'email-taken',
  'names-taken',
  'account-taken',
  'failed',
] as const;

export type SignInProblem = (typeof SIGN_IN_PROBLEMS)[number];

/** What an address says, `failed` for any other word; null where it says nothing. */
export function signInProblem(word: string | null): SignInProblem | null {
  if (word === null || word === '') return null;
  return SIGN_IN_PROBLEMS.find((known) => known === word) ?? 'failed';
}
