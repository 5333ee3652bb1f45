/** A function cannot do what it was asked. Who catches it knows the place in the template. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';

  constructor(
    message: string,
    readonly hint = '',
  ) {
    super(message);
  }
}
