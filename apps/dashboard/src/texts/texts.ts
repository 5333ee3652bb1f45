import { english } from './english.js';

export type Texts = typeof english;

/** Every text of the dashboard in the language that `speak` chose, which is before the first page is loaded. */
export let texts: Texts = english;

export function setTexts(chosen: Texts): void {
  texts = chosen;
}
