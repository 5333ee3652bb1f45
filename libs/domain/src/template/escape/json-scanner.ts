import { escapeQuoted } from '../values/json-text.js';
import { isUser, RefusedInsertion, type FormatScanner, type Insertion } from './format-scanner.js';

/** JSON: strings and everything else. */
export class JsonScanner implements FormatScanner {
  private inString = false;
  /** Characters of an escape that are still to come. */
  private escape = 0;

  follow(text: string): string {
    for (let at = 0; at < text.length; at += 1) this.step(text[at] ?? '');
    return text;
  }

  private step(char: string): void {
    if (!this.inString) this.inString = char === '"';
    else if (this.escape > 0) this.escape = char === 'u' && this.escape === 1 ? 4 : this.escape - 1;
    else if (char === '\\') this.escape = 1;
    else if (char === '"') this.inString = false;
  }

  insert(insertion: Insertion): string {
    if (this.escape > 0) {
      throw new RefusedInsertion(insertion, 'stands behind a backslash', 'Write \\\\ for a backslash in a string.');
    }
    if (this.inString) return escapeQuoted(insertion.text);
    const safe = insertion.literal === 'json' || /^[A-Za-z0-9.+-]*$/.test(insertion.text);
    if (isUser(insertion) && !safe) {
      const problem = 'may not stand outside of quotes: it holds more than letters, digits and . + -';
      throw new RefusedInsertion(insertion, problem, 'Put quotes around it, or write | toJson.');
    }
    return this.follow(insertion.text);
  }

  finish(): string {
    return '';
  }
}
