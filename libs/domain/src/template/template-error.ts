export type TemplateErrorKind = 'syntax' | 'render';

/**
 * What is wrong with a template, at a place in its text. `line` and `column` count from 1, columns in UTF-16 units.
 * `message` is one sentence without the place; `hint` says what to do and may be empty. Neither holds a value of the data.
 */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(
    readonly kind: TemplateErrorKind,
    readonly line: number,
    readonly column: number,
    message: string,
    readonly hint: string,
  ) {
    super(message);
  }
}
