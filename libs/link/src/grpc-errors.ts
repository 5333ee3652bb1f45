import { Metadata, status, type ServiceError, type StatusObject } from '@grpc/grpc-js';
import { ERROR_CODES, KnotError, toKnotError, type ErrorCode } from '@knot/shared/errors';

/** A KnotError as a gRPC status; code, hint and details travel in trailers. */
export function toGrpcStatus(thrown: unknown): StatusObject {
  const error = toKnotError(thrown);
  const metadata = new Metadata();
  metadata.set('knot-code', error.code);
  metadata.set('knot-hint-bin', Buffer.from(error.hint));
  metadata.set('knot-details-bin', Buffer.from(JSON.stringify(error.details)));
  return { code: error.grpcStatus, details: error.message, metadata };
}

/** The other way round; an answer that bears no code of ours did not come from a knot server. */
export function fromGrpcError(error: ServiceError): KnotError {
  const code = error.metadata?.get('knot-code')[0];
  if (typeof code === 'string' && isErrorCode(code)) {
    const hint = text(error.metadata.get('knot-hint-bin')[0]);
    const details = JSON.parse(text(error.metadata.get('knot-details-bin')[0]) || '{}') as Record<string, unknown>;
    return new KnotError(code, error.details, hint, details);
  }
  const hint = HINTS[error.code] ?? 'Check origin_server and that the origin is up.';
  return new KnotError('server.unavailable', error.details || error.message, hint);
}

const HINTS: Partial<Record<number, string>> = {
  [status.UNIMPLEMENTED]: 'The address answers, but not as a knot origin of this version. Check origin_server.',
  [status.DEADLINE_EXCEEDED]: 'It did not answer in time.',
};

function isErrorCode(code: string): code is ErrorCode {
  return code in ERROR_CODES;
}

function text(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString() : '';
}
