import type { FormatScanner, Insertion } from './format-scanner.js';

/** Text without a format: nothing has a meaning in it, so nothing is escaped. */
export class TextScanner implements FormatScanner {
  follow(text: string): string {
    return text;
  }

  insert(insertion: Insertion): string {
    return insertion.text;
  }

  finish(): string {
    return '';
  }
}
