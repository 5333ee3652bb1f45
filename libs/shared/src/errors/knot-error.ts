import { ERROR_CODES, type ErrorCode } from './codes.js';

/**
 * The one error class of knot.
 * `message` says what happened, `hint` what the reader can do about it; neither ever holds a secret.
 * Match by `code`, never by text.
 */
export class KnotError extends Error {
  override readonly name = 'KnotError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly hint: string = '',
    /** Further facts for programs (field names, line and column, retry-after seconds ...); never a secret. */
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  get httpStatus(): number {
    return ERROR_CODES[this.code].http;
  }

  get grpcStatus(): number {
    return ERROR_CODES[this.code].grpc;
  }
}

export function isKnotError(error: unknown, ...codes: ErrorCode[]): error is KnotError {
  return error instanceof KnotError && (codes.length === 0 || codes.includes(error.code));
}

/** Any thrown value as a KnotError; what is not one already becomes `internal` with the cause kept. */
export function toKnotError(error: unknown): KnotError {
  if (error instanceof KnotError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new KnotError('internal', message, '', {}, { cause: error });
}
