/** A bound of a rendering was reached. Who catches it knows the place in the template. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}
