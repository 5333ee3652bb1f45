/**
 * Every error code of knot with its HTTP status, its gRPC status (numeric, google.rpc.Code), and its title.
 * HTTP and gRPC status are read from here at the edge only; all other code matches on the code.
 */
export const ERROR_CODES = {
  'input.invalid': { http: 400, grpc: 3, title: 'The input is not valid' },
  'input.too_large': { http: 413, grpc: 3, title: 'The input is too large' },
  'config.invalid': { http: 400, grpc: 3, title: 'The configuration is not valid' },
  'template.syntax': { http: 400, grpc: 3, title: 'The template does not parse' },
  'template.render': { http: 400, grpc: 3, title: 'The template cannot be rendered' },
  'template.rejected': { http: 400, grpc: 3, title: 'The orchestrator does not accept the template' },
  'template.policy': { http: 403, grpc: 7, title: 'The template asks for what this location does not allow' },
  'auth.required': { http: 401, grpc: 16, title: 'Sign in first' },
  'auth.failed': { http: 401, grpc: 16, title: 'Sign-in failed' },
  'auth.throttled': { http: 429, grpc: 8, title: 'Too many attempts' },
  'access.denied': { http: 403, grpc: 7, title: 'Not allowed' },
  'access.csrf': { http: 403, grpc: 7, title: 'The request came from another site' },
  'resource.not_found': { http: 404, grpc: 5, title: 'Not found' },
  'resource.exists': { http: 409, grpc: 6, title: 'It exists already' },
  'resource.in_use': { http: 409, grpc: 9, title: 'It is in use' },
  'resource.version': { http: 412, grpc: 9, title: 'Somebody else changed it meanwhile' },
  'state.refused': { http: 409, grpc: 9, title: 'Its state does not allow this' },
  'confirm.required': { http: 409, grpc: 9, title: 'Confirm first' },
  'idempotency.mismatch': { http: 422, grpc: 3, title: 'The idempotency key belongs to another request' },
  'quota.exceeded': { http: 409, grpc: 8, title: 'The quota is used up' },
  'location.unavailable': { http: 409, grpc: 9, title: 'No live location can do this' },
  'location.duplicate': { http: 409, grpc: 6, title: 'This location has a leaf already' },
  'location.enrol_refused': { http: 403, grpc: 7, title: 'This leaf is not let in' },
  'protocol.version': { http: 426, grpc: 9, title: 'The versions do not fit' },
  'sync.relist': { http: 409, grpc: 11, title: 'List again' },
  'lease.lost': { http: 409, grpc: 10, title: 'The lease is held by somebody else' },
  'store.conflict': { http: 409, grpc: 10, title: 'Changed by somebody else at the same moment' },
  'store.unavailable': { http: 503, grpc: 14, title: 'The store does not answer' },
  'backend.invalid': { http: 400, grpc: 3, title: 'The orchestrator refused the request' },
  'backend.forbidden': { http: 403, grpc: 7, title: 'The orchestrator does not allow this' },
  'backend.conflict': { http: 409, grpc: 10, title: 'The object at the orchestrator changed meanwhile' },
  'backend.foreign': { http: 409, grpc: 6, title: 'The object belongs to somebody else' },
  'backend.unavailable': { http: 503, grpc: 14, title: 'The orchestrator does not answer' },
  'feature.missing': { http: 501, grpc: 12, title: 'This is not built yet' },
  'server.unavailable': { http: 503, grpc: 14, title: 'The server does not answer' },
  internal: { http: 500, grpc: 13, title: 'Something went wrong in knot' },
} as const satisfies Record<string, { http: number; grpc: number; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;
