import { readQuoted, readRaw, type LiteralResult } from './read-literal.js';
import type { SourceText } from './source-text.js';
import type { Token, TokenKind } from './token.js';

const OPEN = '${{';
const CLOSE = '}}';
const SPACE = /[ \t\r\n]/;
const NAME = /[\p{L}\p{N}_]*/uy;
const NAME_START = /[\p{L}_]/u;
const NUMBER =
  /[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9][0-9_]*(?:[eE][+-]?[0-9]+)?)/y;
const PUNCTUATION: Readonly<Record<string, TokenKind>> = {
  '|': 'pipe',
  ',': 'comma',
  '(': 'lparen',
  ')': 'rparen',
  '=': 'assign',
};

/** Cuts a template into literal text and the tokens of its actions. Trim markers and comments are done with here. */
export class Lexer {
  private readonly tokens: Token[] = [];
  private readonly text: string;
  private at = 0;
  private trimNext = false;

  constructor(private readonly source: SourceText) {
    this.text = source.text;
  }

  /** @throws TemplateError of kind `syntax` */
  run(): Token[] {
    while (this.at < this.text.length) {
      const open = this.text.indexOf(OPEN, this.at);
      const end = open < 0 ? this.text.length : open;
      const trimEnd = open >= 0 && this.hasOpenTrim(open);
      this.pushText(this.at, end, trimEnd);
      if (open < 0) break;
      this.at = open + OPEN.length + (trimEnd ? 1 : 0);
      if (!this.skipComment(open)) this.readAction(open);
    }
    this.push('end', this.text.length, '');
    return this.tokens;
  }

  private hasOpenTrim(open: number): boolean {
    return this.text[open + 3] === '-' && SPACE.test(this.text[open + 4] ?? '');
  }

  private pushText(from: number, to: number, trimEnd: boolean): void {
    let start = from;
    let end = to;
    if (this.trimNext) while (start < end && SPACE.test(this.text[start] ?? '')) start += 1;
    if (trimEnd) while (end > start && SPACE.test(this.text[end - 1] ?? '')) end -= 1;
    this.trimNext = false;
    if (end > start) this.push('text', start, this.text.slice(start, end));
  }

  private skipComment(open: number): boolean {
    const start = this.skipSpace(this.at);
    if (!this.text.startsWith('/*', start)) return false;
    const end = this.text.indexOf('*/', start + 2);
    if (end < 0) throw this.source.error('syntax', open, 'this comment has no end', 'Close it with */}}.');
    this.at = end + 2;
    if (!this.readClose()) {
      throw this.source.error('syntax', open, 'a comment must be alone in its action', 'Write ${{/* comment */}}.');
    }
    return true;
  }

  /** Steps over `}}` or ` -}}` when one stands here, white space before it included. */
  private readClose(): boolean {
    const at = this.skipSpace(this.at);
    if (this.text.startsWith(CLOSE, at)) {
      this.at = at + CLOSE.length;
      return true;
    }
    if (at > this.at && this.text.startsWith(`-${CLOSE}`, at)) {
      this.at = at + CLOSE.length + 1;
      this.trimNext = true;
      return true;
    }
    return false;
  }

  private skipSpace(from: number): number {
    let at = from;
    while (at < this.text.length && SPACE.test(this.text[at] ?? '')) at += 1;
    return at;
  }

  private readAction(open: number): void {
    this.push('open', open, '');
    let first = true;
    for (;;) {
      const closeAt = this.at;
      if (this.readClose()) {
        this.push('close', closeAt, '');
        return;
      }
      const start = this.skipSpace(this.at);
      if (start >= this.text.length) throw this.unclosed(open);
      const glued = !first && start === this.at;
      this.at = start;
      this.readToken(open, glued);
      first = false;
    }
  }

  private unclosed(open: number): Error {
    return this.source.error('syntax', open, '${{ without an end', 'Close the action with }}.');
  }

  private readToken(open: number, glued: boolean): void {
    const start = this.at;
    const char = this.text[start] ?? '';
    if (char === '"' || char === "'") return this.pushLiteral(readQuoted(this.text, start), char, open, glued);
    if (char === '`') return this.pushLiteral(readRaw(this.text, start), char, open, glued);
    if (char === '$') return this.pushName('variable', start + 1, glued);
    if (/[0-9]/.test(char) || (/[+\-.]/.test(char) && this.match(NUMBER, start) !== '')) return this.pushNumber(glued);
    if (char === '.') return this.pushDot(glued);
    if (NAME_START.test(this.characterAt(start))) return this.pushName('word', start, glued);
    if (this.text.startsWith(':=', start)) return this.pushMark('declare', 2, glued);
    const mark = Object.hasOwn(PUNCTUATION, char) ? PUNCTUATION[char] : undefined;
    if (mark !== undefined) return this.pushMark(mark, 1, glued);
    if (char === '{' || char === '}') {
      throw this.source.error('syntax', start, `"${char}" has no meaning inside an action`, 'An action ends with }}.');
    }
    throw this.source.error('syntax', start, `"${this.characterAt(start)}" has no meaning inside an action`);
  }

  private characterAt(at: number): string {
    return String.fromCodePoint(this.text.codePointAt(at) ?? 0xfffd);
  }

  private match(pattern: RegExp, at: number): string {
    pattern.lastIndex = at;
    return pattern.exec(this.text)?.[0] ?? '';
  }

  private pushMark(kind: TokenKind, length: number, glued: boolean): void {
    this.push(kind, this.at, '', glued);
    this.at += length;
  }

  private pushName(kind: 'variable' | 'word', from: number, glued: boolean): void {
    const name = this.match(NAME, from);
    this.push(kind, this.at, name, glued);
    this.at = from + name.length;
  }

  private pushDot(glued: boolean): void {
    const start = this.at;
    const name = NAME_START.test(this.characterAt(start + 1)) ? this.match(NAME, start + 1) : '';
    this.push(name === '' ? 'dot' : 'field', start, name, glued);
    this.at = start + 1 + name.length;
  }

  private pushNumber(glued: boolean): void {
    const start = this.at;
    const number = this.match(NUMBER, start);
    const next = this.characterAt(start + number.length);
    if (NAME_START.test(next) || /[0-9]/.test(next)) {
      throw this.source.error('syntax', start, 'this number is not written right');
    }
    this.push('number', start, number.replaceAll('_', ''), glued);
    this.at = start + number.length;
  }

  private pushLiteral(result: LiteralResult, quote: string, open: number, glued: boolean): void {
    if ('problem' in result) {
      const hint =
        result.at === this.at
          ? `It belongs to the action that opens at line ${this.source.positionAt(open).line}.`
          : '';
      throw this.source.error('syntax', result.at, result.problem, hint);
    }
    const start = this.at;
    this.at = result.end;
    if (quote !== "'") return this.push('string', start, result.value, glued);
    const code = result.value.codePointAt(0);
    if (code === undefined || String.fromCodePoint(code) !== result.value) {
      throw this.source.error('syntax', start, 'single quotes hold one character', 'Put a text in double quotes.');
    }
    return this.push('number', start, String(code), glued);
  }

  private push(kind: TokenKind, at: number, text: string, glued = false): void {
    this.tokens.push({ kind, at, text, glued });
  }
}
