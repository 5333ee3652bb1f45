import { escapeQuoted } from '../values/json-text.js';
import { readsAsOtherThanText } from '../values/yaml-text.js';
import { isUser, RefusedInsertion, type FormatScanner, type Insertion } from './format-scanner.js';
import { blockLines, printable } from './yaml-block.js';
import { YamlFollower } from './yaml-follower.js';

const QUOTES = 'Put quotes around it, or write | quote.';
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const NOT_IN_COMMENT = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+/g;
const SAFE_PLAIN = /^(?:[A-Za-z0-9_/+](?:[A-Za-z0-9._@/:+-]*[A-Za-z0-9_/+.@-])?)?$/;

/** YAML in all its styles. */
export class YamlScanner implements FormatScanner {
  private readonly place = new YamlFollower(() => this.plainEnded());
  /** The unquoted scalar that is being written, when a user's field is part of it. */
  private plain = '';
  private plainUser: Insertion | undefined;
  private emptyUser: Insertion | undefined;

  follow(text: string): string {
    for (let at = 0; at < text.length; at += 1) this.step(text[at] ?? '');
    return text;
  }

  insert(insertion: Insertion): string {
    const { mode, escape } = this.place;
    switch (mode) {
      case 'double':
        if (escape > 0) {
          throw new RefusedInsertion(
            insertion,
            'stands behind a backslash',
            'Write \\\\ for a backslash in double quotes.',
          );
        }
        return this.kept(insertion, this.inDouble(insertion));
      case 'single':
        return this.kept(insertion, this.inSingle(insertion));
      case 'comment':
        return this.kept(insertion, insertion.text.toWellFormed().replace(NOT_IN_COMMENT, ' '));
      case 'block':
        return this.kept(insertion, blockLines(insertion, this.place.block, this.place.column));
      case 'header':
        return this.inHeader(insertion);
      default:
        return this.outside(insertion);
    }
  }

  finish(): string {
    this.step('\n');
    this.plainEnded();
    return '';
  }

  private step(char: string): void {
    const { mode } = this.place;
    this.place.step(char);
    if (mode === 'start' && (char === '\n' || char === '\r')) this.checkEmpty();
    if (this.place.mode !== 'start') this.emptyUser = undefined;
    if (this.place.mode !== 'plain') return;
    if (mode !== 'plain' && mode !== 'continuation') this.plain = '';
    if (this.plain.length < 100) this.plain += char;
  }

  /** Writes into a quoted scalar, a comment or a block, which must be the same place after as before. */
  private kept(insertion: Insertion, written: string): string {
    const { mode, flow } = this.place;
    this.follow(written);
    if (this.place.mode === mode && this.place.flow === flow) return written;
    throw new RefusedInsertion(insertion, 'would change the text around it', QUOTES);
  }

  /** A reader drops white space where a quoted scalar goes on to another line, so it is escaped at the ends of the value. */
  private inDouble(insertion: Insertion): string {
    const escaped = escapeQuoted(insertion.text.toWellFormed()).replace(/ $/, '\\x20');
    return this.place.lineEmpty ? escaped.replace(/^ /, '\\x20') : escaped;
  }

  private inSingle(insertion: Insertion): string {
    const text = printable(insertion);
    if (text.includes('\n')) {
      throw new RefusedInsertion(insertion, 'has several lines, which single quotes would join', 'Use double quotes.');
    }
    return text.replaceAll("'", "''");
  }

  /** Behind `|`: only a value that begins with a line break, as `nindent` makes it, belongs to the block. */
  private inHeader(insertion: Insertion): string {
    if (insertion.text.startsWith('\n')) {
      this.follow('\n');
      return `\n${this.insert({ ...insertion, text: insertion.text.slice(1) })}`;
    }
    if (!isUser(insertion)) return this.follow(insertion.text);
    throw new RefusedInsertion(insertion, 'may not stand behind | or >', 'Put it on the next line.');
  }

  private outside(insertion: Insertion): string {
    if (!isUser(insertion)) return this.follow(insertion.text);
    if (insertion.literal !== undefined) {
      const written = this.insertLiteral(insertion);
      if (written !== undefined) return written;
    }
    const { text } = insertion;
    if (!insertion.typed && !SAFE_PLAIN.test(text)) {
      const problem =
        'may not stand outside of quotes: it holds more than letters, digits and . _ @ / : + - or begins or ends with one';
      throw new RefusedInsertion(insertion, problem, QUOTES);
    }
    const startsHere = this.place.mode === 'start';
    this.follow(text);
    if (insertion.typed) return text;
    if (text === '' && startsHere) this.emptyUser = insertion;
    if (text !== '' && this.place.mode === 'plain') this.plainUser = insertion;
    return text;
  }

  /** A literal is one only where a token may begin; in the middle of an unquoted scalar its quotes mean nothing. */
  private insertLiteral(insertion: Insertion): string | undefined {
    const lead = /^[ \n]*/.exec(insertion.text)?.[0] ?? '';
    if (insertion.literal === 'yaml' && this.place.flow > 0 && insertion.text.includes('\n')) return undefined;
    const { mode, column } = this.place;
    const lineStart = lead.includes('\n');
    if (lineStart) this.follow(lead);
    const at = lineStart ? this.place.column : column + lead.length;
    const begins = this.place.mode === 'start' || (this.place.mode === 'continuation' && !this.place.continues(at));
    if (begins) return lineStart ? lead + this.follow(insertion.text.slice(lead.length)) : this.follow(insertion.text);
    if (lineStart) throw new RefusedInsertion(insertion, `may not stand here (${mode})`, QUOTES);
    return undefined;
  }

  private plainEnded(): void {
    const { plainUser } = this;
    this.plainUser = undefined;
    const plain = this.plain.trim();
    this.plain = '';
    if (plainUser === undefined || !readsAsOtherThanText(plain)) return;
    throw new RefusedInsertion(plainUser, 'would be read as a number, a date, true, false or nothing', QUOTES);
  }

  private checkEmpty(): void {
    const { emptyUser } = this;
    this.emptyUser = undefined;
    if (emptyUser !== undefined) throw new RefusedInsertion(emptyUser, 'is empty and would be read as nothing', QUOTES);
  }
}
