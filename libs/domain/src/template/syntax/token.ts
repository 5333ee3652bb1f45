export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'dot'
  | 'field'
  | 'variable'
  | 'word'
  | 'string'
  | 'number'
  | 'declare'
  | 'assign'
  | 'pipe'
  | 'comma'
  | 'lparen'
  | 'rparen'
  | 'end';

/**
 * One token. `text` is what the token means, not how it was written: the decoded string, the name of a field without its dot,
 * the name of a variable without its `$`, the digits of a number. `glued` says that no white space stands before it, which
 * is what makes `.a.b` one field and `.a .b` two.
 */
export interface Token {
  readonly kind: TokenKind;
  readonly at: number;
  readonly text: string;
  readonly glued: boolean;
}
