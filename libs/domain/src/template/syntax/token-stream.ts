import type { SourceText } from './source-text.js';
import type { Token, TokenKind } from './token.js';

const SHOWN: Readonly<Record<TokenKind, string>> = {
  text: 'text',
  open: '${{',
  close: '}}',
  dot: '.',
  field: 'a field',
  variable: 'a variable',
  word: 'a name',
  string: 'a string',
  number: 'a number',
  declare: ':=',
  assign: '=',
  pipe: '|',
  comma: ',',
  lparen: '(',
  rparen: ')',
  end: 'the end of the template',
};

/** The tokens of a template with a place in them, shared by the parsers of statements and of pipelines. */
export class TokenStream {
  private index = 0;
  private depth = 0;

  constructor(
    readonly source: SourceText,
    private readonly tokens: readonly Token[],
    private readonly maxDepth: number,
  ) {}

  peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)];
    if (token === undefined) throw this.source.error('syntax', 0, 'an empty list of tokens');
    return token;
  }

  next(): Token {
    const token = this.peek();
    this.index += 1;
    return token;
  }

  take(kind: TokenKind): Token | undefined {
    return this.peek().kind === kind ? this.next() : undefined;
  }

  expect(kind: TokenKind, where: string): Token {
    const token = this.peek();
    if (token.kind !== kind) throw this.unexpected(token, where, `Expected ${SHOWN[kind]}.`);
    return this.next();
  }

  unexpected(token: Token, where: string, hint = ''): Error {
    const shown = token.kind === 'word' || token.kind === 'field' ? `"${token.text.slice(0, 40)}"` : SHOWN[token.kind];
    return this.source.error('syntax', token.at, `${shown} may not stand ${where}`, hint);
  }

  /** Runs `parse` one level deeper, so that no text can nest deep enough to end the stack. */
  nested<T>(at: number, parse: () => T): T {
    this.depth += 1;
    if (this.depth > this.maxDepth) {
      throw this.source.error(
        'syntax',
        at,
        `nested more than ${this.maxDepth} deep`,
        'Split it with define and template.',
      );
    }
    try {
      return parse();
    } finally {
      this.depth -= 1;
    }
  }
}
