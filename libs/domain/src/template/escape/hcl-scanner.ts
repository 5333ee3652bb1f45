import { escapeQuoted } from '../values/json-text.js';
import { extendLine, heredocOf, isTerminator, type HclFrame } from './hcl-frame.js';
import { isUser, RefusedInsertion, type FormatScanner, type Insertion } from './format-scanner.js';

type Heredoc = Extract<HclFrame, { kind: 'heredoc' }>;

const BARE = /^(?:[A-Za-z0-9_-]*|-?[0-9]+\.[0-9]+)$/;
const TWICE = /([$%])(?=\{)/g;
// Of these no heredoc can hold the first as it is (HCL ends the line there), the others are not text. A `$` before them goes
// along, as it would make the `${` that is put there a literal one.
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const NOT_IN_HEREDOC = /\$*(?:\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff])+/g;
const LINE_BREAKS = /\$*[\r\n]+/g;

const interpolated = (text: string): string => `\${"${escapeQuoted(text)}"}`;

/**
 * HCL 2: quoted strings and heredocs with `${ }` and `%{ }` in them, comments, code. In a template, `$${` stands for `${`, and
 * so does any longer run of `$` for one less; the run that ends a chunk is held back until it is known what follows it.
 */
export class HclScanner implements FormatScanner {
  private readonly frames: HclFrame[] = [{ kind: 'code', braces: 0, interpolation: false }];
  private held = '';
  private heldInserted = false;
  /** The run of `$` or `%` behind which the next character stands. */
  private run = '';
  private previous = '';
  /** Code since the last `<`: what may turn out to begin a heredoc. */
  private codeTail = '';
  private inserting: Insertion | undefined;

  follow(text: string): string {
    if (text === '') return '';
    return this.send(text, false);
  }

  insert(insertion: Insertion): string {
    const text = insertion.text.toWellFormed();
    const depth = this.frames.length;
    const frame = this.top();
    if (frame.kind === 'code') return this.insertCode(insertion, text, frame);
    if (text === '') return '';
    const written = this.escape(insertion, text, frame);
    this.inserting = insertion;
    const result = this.send(written, true);
    this.inserting = undefined;
    if (this.frames.length !== depth || this.top() !== frame) throw this.breaksOut(insertion);
    return result;
  }

  finish(): string {
    const rest = this.emitAll(this.held);
    this.held = '';
    const frame = this.top();
    if (frame.kind === 'heredoc') this.checkTerminator(frame);
    return rest;
  }

  private top(): HclFrame {
    return this.frames.at(-1) ?? { kind: 'code', braces: 0, interpolation: false };
  }

  private insertCode(insertion: Insertion, text: string, frame: HclFrame): string {
    const literal = insertion.literal === 'json';
    if (isUser(insertion) && !literal && (!BARE.test(text) || this.codeTail.startsWith('<<'))) {
      const problem = 'may not stand outside of quotes: it holds more than letters, digits, _ and -';
      throw new RefusedInsertion(insertion, problem, 'Put quotes around it, or write | quote.');
    }
    const written = literal ? text.replace(TWICE, '$1$1') : text;
    const depth = this.frames.length;
    const result = this.send(written, false);
    const left = this.frames.length !== depth || this.top() !== frame;
    if (left && (isUser(insertion) || literal)) throw this.breaksOut(insertion);
    return result;
  }

  private breaksOut(insertion: Insertion): RefusedInsertion {
    return new RefusedInsertion(insertion, 'would change the text around it', 'Put it into a quoted string.');
  }

  private escape(insertion: Insertion, text: string, frame: HclFrame): string {
    switch (frame.kind) {
      case 'code':
        return text;
      case 'line-comment':
        return text.replace(/[\r\n]+/g, ' ');
      case 'block-comment':
        return `${frame.star && text.startsWith('/') ? ' ' : ''}${text.replaceAll('*/', '* /')}${text.endsWith('*') ? ' ' : ''}`;
      case 'string':
        if (frame.escape > 0) {
          throw new RefusedInsertion(insertion, 'stands behind a backslash', 'Write \\\\ for a backslash in a string.');
        }
        return escapeQuoted(text).replace(TWICE, '$1$1');
      case 'heredoc':
        return this.escapeHeredoc(text, frame);
    }
  }

  /** In `<<-` HCL takes off the smallest indentation of all lines, so that a value's own lines and spaces must not be seen as such. */
  private escapeHeredoc(text: string, frame: Heredoc): string {
    const doubled = text.replace(TWICE, '$1$1');
    if (!frame.flush) return doubled.replace(NOT_IN_HEREDOC, interpolated);
    const atStart = !frame.line.broken && frame.line.core === '' && this.held === '';
    const lead = atStart ? (/^[\s\u0085]+/.exec(doubled)?.[0] ?? '') : '';
    const rest = doubled.slice(lead.length).replace(LINE_BREAKS, interpolated).replace(NOT_IN_HEREDOC, interpolated);
    return (lead === '' ? '' : interpolated(lead)) + rest;
  }

  /** Puts `next` out but for the run of `$` or `%` at its end. */
  private send(next: string, inserted: boolean): string {
    const { held } = this;
    const own = inserted || (held !== '' && this.heldInserted);
    if (held !== '' && next === held.slice(-1).repeat(next.length)) {
      this.held = held + next;
      this.heldInserted = own;
      return '';
    }
    const guard = held === '' ? '' : this.emitAll(own ? this.guarded(held, next) : held);
    this.held = '';
    const run = /(?:\$+|%+)$/.exec(next)?.[0] ?? '';
    const sure = this.emitAll(next.slice(0, next.length - run.length));
    const { kind } = this.top();
    if (kind !== 'string' && kind !== 'heredoc') return guard + sure + this.emitAll(run);
    this.held = run;
    this.heldInserted = inserted;
    return guard + sure;
  }

  /** The held run, written so that it stays what it is before `next`. */
  private guarded(held: string, next: string): string {
    const sigil = held.slice(-1);
    if (next.startsWith('{')) return held + sigil;
    if (!next.startsWith(`${sigil}{`)) return held;
    return this.top().kind === 'string' ? escapedRun(held) : interpolated(held);
  }

  private emitAll(text: string): string {
    for (let at = 0; at < text.length; at += 1) this.step(text[at] ?? '');
    return text;
  }

  private step(char: string): void {
    const frame = this.top();
    switch (frame.kind) {
      case 'code':
        this.stepCode(char, frame);
        break;
      case 'string':
        this.stepString(char, frame);
        break;
      case 'heredoc':
        this.stepHeredoc(char, frame);
        break;
      case 'line-comment':
        if (char === '\n') this.frames.pop();
        break;
      case 'block-comment':
        if (char === '/' && frame.star) {
          this.frames.pop();
          this.previous = '';
          return;
        }
        frame.star = char === '*';
        break;
    }
    this.previous = char;
  }

  private enter(frame: HclFrame): void {
    this.codeTail = '';
    this.run = '';
    this.frames.push(frame);
  }

  private stepCode(char: string, frame: Extract<HclFrame, { kind: 'code' }>): void {
    if (char === '"') return this.enter({ kind: 'string', escape: 0 });
    if (char === '#' || (char === '/' && this.previous === '/')) return this.enter({ kind: 'line-comment' });
    if (char === '*' && this.previous === '/') return this.enter({ kind: 'block-comment', star: false });
    if (char === '\n') {
      const heredoc = heredocOf(this.codeTail);
      this.codeTail = '';
      if (heredoc !== undefined) this.enter(heredoc);
    } else if (char === '<') this.codeTail = this.codeTail.endsWith('<') ? '<<' : '<';
    else if (this.codeTail !== '') this.codeTail = this.codeTail.length > 200 ? '' : this.codeTail + char;
    if (!frame.interpolation) return;
    if (char === '{') frame.braces += 1;
    else if (char === '}' && frame.braces === 0) this.frames.pop();
    else if (char === '}') frame.braces -= 1;
  }

  /** Whether this character opens an interpolation: a `{` behind one `$` or `%`, not behind two or more. */
  private opens(char: string): boolean {
    const { run } = this;
    const same = run !== '' && run.startsWith(char);
    this.run = char === '$' || char === '%' ? (same ? run : '') + char : '';
    return char === '{' && run.length === 1;
  }

  private stepString(char: string, frame: Extract<HclFrame, { kind: 'string' }>): void {
    if (frame.escape > 0) {
      frame.escape = frame.escape === 1 && this.previous === '\\' ? escapeLength(char) : frame.escape - 1;
      this.run = '';
    } else if (this.opens(char)) this.enter({ kind: 'code', braces: 0, interpolation: true });
    else if (char === '\\') frame.escape = 1;
    else if (char === '"') this.frames.pop();
  }

  private stepHeredoc(char: string, frame: Heredoc): void {
    const { line } = frame;
    if (this.opens(char)) {
      line.broken = true;
      return this.enter({ kind: 'code', braces: 0, interpolation: true });
    }
    if (char === '\n') return this.endHeredocLine(frame);
    extendLine(line, char, frame.marker);
    if (this.inserting !== undefined && line.core !== '') line.inserted = this.inserting;
  }

  private endHeredocLine(frame: Heredoc): void {
    this.checkTerminator(frame);
    const ended = isTerminator(frame.line, frame.marker);
    Object.assign(frame.line, { core: '', trailing: false, broken: false, inserted: this.inserting });
    this.run = '';
    if (ended) this.frames.pop();
  }

  private checkTerminator(frame: Heredoc): void {
    const { inserted } = frame.line;
    if (inserted === undefined || !isTerminator(frame.line, frame.marker)) return;
    const problem = 'makes a line that ends the heredoc it stands in';
    throw new RefusedInsertion(inserted, problem, 'Choose another word than this one behind <<.');
  }
}

const escapedRun = (run: string): string =>
  Array.from(run, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

const escapeLength = (char: string): number => (char === 'u' ? 4 : char === 'U' ? 8 : 0);
