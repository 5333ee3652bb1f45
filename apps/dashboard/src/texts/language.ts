import { setTexts } from './texts.js';

export const LANGUAGES = ['en', 'de'] as const;

export type Language = (typeof LANGUAGES)[number];

/** What is chosen on the page of one's account; '' follows the browser. */
export type LanguageChoice = Language | '';

const PLACE = 'knot.language';

/** The first of the languages a person reads that the dashboard speaks. */
export function firstSpoken(wanted: readonly string[]): Language {
  const bare = wanted.map((tag) => tag.toLowerCase().split('-')[0]);
  for (const tag of bare) {
    const spoken = LANGUAGES.find((language) => language === tag);
    if (spoken) return spoken;
  }
  return 'en';
}

export function chosenLanguage(): LanguageChoice {
  return LANGUAGES.find((language) => language === readPlace()) ?? '';
}

/** Of the page as it is. */
export function spokenLanguage(): Language {
  return chosenLanguage() || firstSpoken(navigator.languages);
}

/** Every text changes: the page is loaded anew. */
export function chooseLanguage(choice: LanguageChoice): void {
  if (choice === '') localStorage.removeItem(PLACE);
  else localStorage.setItem(PLACE, choice);
  window.location.reload();
}

/** Before anything is drawn: pages and theme read texts when they are loaded. */
export async function speak(): Promise<void> {
  const language = spokenLanguage();
  document.documentElement.lang = language;
  if (language === 'de') setTexts((await import('./german.js')).german);
}

/** A browser that keeps nothing follows its own language. */
function readPlace(): string | null {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null;
  }
}
