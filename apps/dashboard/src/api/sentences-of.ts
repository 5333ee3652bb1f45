import { spokenLanguage } from '../texts/language.js';
import { texts } from '../texts/texts.js';
import { ApiProblem } from './problem.js';

/** What the server refused and what to do, in one line; '' where it did not answer. Its own sentences are English. */
export function sentencesOf(error: unknown): string {
  if (!(error instanceof ApiProblem) || error.words === 'page') return '';
  const { detail, hint, code } = error.problem;
  const known = texts.problemHints[code] ?? '';
  if (spokenLanguage() === 'en') return `${detail} ${hint || known}`.trim();
  return known || `${texts.errors.serverSays} ${detail}`;
}
