import { spokenLanguage } from '../texts/language.js';
import { texts } from '../texts/texts.js';
import { ApiProblem } from './problem.js';

/** What happened and what to do, in one line; '' where nobody has said. The server's own sentences are English. */
export function sentencesOf(error: unknown): string {
  if (!(error instanceof ApiProblem)) return '';
  const { problem, words } = error;
  const known = texts.problemHints[problem.code] ?? '';
  if (words === 'page' || spokenLanguage() === 'en') return `${problem.detail} ${problem.hint || known}`.trim();
  return known || `${texts.errors.serverSays} ${problem.detail}`;
}
