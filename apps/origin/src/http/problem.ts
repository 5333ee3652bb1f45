import { ERROR_CODES, KnotError, toKnotError } from '@knot/shared/errors';

const INTERNAL_DETAIL = 'Something went wrong in knot; the log of the server says more.';

/** The members of an application/problem+json answer. What went wrong inside is never told. */
export function problemOf(error: KnotError): Record<string, unknown> {
  const internal = error.code === 'internal';
  return {
    ...(internal ? {} : error.details),
    type: `urn:knot:error:${error.code}`,
    title: ERROR_CODES[error.code].title,
    status: error.httpStatus,
    code: error.code,
    detail: internal ? INTERNAL_DETAIL : error.message,
    hint: internal ? '' : error.hint,
  };
}

/** Any thrown value, those of Fastify and Nest too, as an error of ours. */
export function asKnotError(error: unknown): KnotError {
  if (error instanceof KnotError || typeof error !== 'object' || error === null) return toKnotError(error);
  const code = 'code' in error ? error.code : '';
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new KnotError(
        'input.too_large',
        'The request is larger than this route takes.',
        'The texts of a template have at most 2.5 MiB together.',
      );
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new KnotError('input.invalid', 'The body is not JSON.', 'Send it with Content-Type: application/json.');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new KnotError('input.invalid', 'The body is not JSON that parses.', 'Check the body that was sent.');
  }
  const message = error instanceof Error ? error.message : '';
  return fromHttpStatus(statusOf(error), message) ?? toKnotError(error);
}

function statusOf(error: object): number {
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 0;
}

/** What a framework says by a status alone; null for what is not the client's fault. */
export function fromHttpStatus(status: number, message: string): KnotError | null {
  if (status === 404) {
    return new KnotError('resource.not_found', 'There is nothing at this address.', 'See /api/openapi.json.');
  }
  if (status === 413) return new KnotError('input.too_large', 'The request is too large.', 'Send less at once.');
  if (status < 400 || status >= 500) return null;
  return new KnotError('input.invalid', message || 'The request does not fit.', 'See /api/openapi.json.');
}
