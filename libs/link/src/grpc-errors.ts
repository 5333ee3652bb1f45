import { Metadata, status, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { ERROR_CODES, KnotError, toKnotError, type ErrorCode } from '@knot/shared/errors';
import { connectionTrouble } from './connection-trouble.js';

/** A KnotError as a gRPC status; code, hint and details travel in trailers. */
export function toGrpcStatus(thrown: unknown): StatusObject {
  const error = toKnotError(thrown);
  const metadata = new Metadata();
  metadata.set('knot-code', error.code);
  metadata.set('knot-hint-bin', Buffer.from(error.hint));
  metadata.set('knot-details-bin', Buffer.from(JSON.stringify(error.details)));
  return { code: error.grpcStatus, details: error.message, metadata };
}

/** The other way round; an answer of `at` (host:port) that bears no code of ours did not come from a knot server. */
export function fromGrpcError(error: unknown, at: string): KnotError {
  if (!isServiceError(error)) return toKnotError(error);
  const code = error.metadata.get('knot-code')[0];
  if (typeof code === 'string' && isErrorCode(code)) {
    const hint = text(error.metadata.get('knot-hint-bin')[0]);
    return new KnotError(code, error.details, hint, details(text(error.metadata.get('knot-details-bin')[0])));
  }
  const [message, hint] = (!BY_HTTP.test(error.details) && STATUSES[error.code]?.(at)) || [];
  if (message !== undefined) return new KnotError('server.unavailable', message, hint);
  return connectionTrouble(error.details || error.message, at);
}

/** What grpc-js says where something on the way answered by HTTP alone; the status is its guess. */
const BY_HTTP = /HTTP status code/;

const STATUSES: Partial<Record<number, (at: string) => readonly [string, string]>> = {
  [status.UNIMPLEMENTED]: (at) => [
    `${at} answers, but not as a knot origin of this version.`,
    'Check server.origin_server, and install the same version at both ends.',
  ],
  [status.CANCELLED]: () => ['The origin has ended the call.', 'It is made again.'],
  [status.DEADLINE_EXCEEDED]: (at) => [`${at} did not answer in time.`, 'It is asked again.'],
};

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'metadata' in error && error.metadata instanceof Metadata;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

function text(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString() : '';
}

/** Whatever the other end sent: what does not parse tells nothing. */
function details(json: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {};
  } catch {
    return {};
  }
}
