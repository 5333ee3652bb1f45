import type { Failure, Reason } from '@knot/domain';
import { toKnotError, type ErrorCode } from '@knot/shared/errors';
import type { Outcome } from '@knot/reconcile';

/** What an error of a run means: what the user is told, and when it is tried again. */
export interface Misfortune {
  readonly failure: Failure;
  /** Nothing is tried again for this generation. */
  readonly terminal: boolean;
  readonly outcome: Outcome;
}

/** How long until something that only a person can mend is tried again, ms. */
const SLOW_MS = 30_000;

const REASON: Partial<Record<ErrorCode, Reason>> = {
  'backend.invalid': 'TemplateRejected',
  'template.syntax': 'RenderFailed',
  'template.render': 'RenderFailed',
  'template.rejected': 'TemplateRejected',
  'template.policy': 'PolicyRefused',
  'backend.forbidden': 'BackendForbidden',
  'backend.foreign': 'NameTaken',
  'backend.unavailable': 'BackendUnavailable',
  'backend.conflict': 'BackendUnavailable',
};

export function misfortuneOf(thrown: unknown): Misfortune {
  const error = toKnotError(thrown);
  const reason = REASON[error.code] ?? 'BackendRefused';
  const trouble = { reason, message: [error.message, error.hint].filter((text) => text !== '').join(' ') };
  switch (error.code) {
    case 'backend.invalid':
    case 'template.syntax':
    case 'template.render':
    case 'template.rejected':
    case 'template.policy': {
      const outcome: Outcome = { kind: 'terminal', reason: error.code };
      return { failure: { trouble, stalls: true }, terminal: true, outcome };
    }
    case 'backend.forbidden':
    case 'backend.foreign':
      return { failure: { trouble, stalls: true }, terminal: false, outcome: { kind: 'again', afterMs: SLOW_MS } };
    default: {
      const asked = retryAfterMs(error.details);
      const outcome: Outcome = asked === null ? { kind: 'retry', error } : { kind: 'again', afterMs: asked };
      return { failure: { trouble, stalls: false }, terminal: false, outcome };
    }
  }
}

/** What the backend itself says to wait: `retryAfterMs`, or `retryAfter` in seconds. */
function retryAfterMs(details: Readonly<Record<string, unknown>>): number | null {
  const { retryAfterMs: ms, retryAfter: seconds } = details;
  const asked = typeof ms === 'number' ? ms : typeof seconds === 'number' ? seconds * 1_000 : null;
  return asked === null ? null : Math.min(60_000, Math.max(50, asked));
}
