import { KnotError } from '@knot/shared/errors';
import type { Answer } from '../http-exchange.js';
import { admissionOf, type Admission } from './admission.js';
import { asObject, numberAt, objectAt, textAt, type JsonObject } from './json.js';

const MAX_TEXT = 600;
/** How the API server says that an object cannot become what is asked for without being made anew. */
const IMMUTABLE = /field is immutable|may not change fields other than|updates to .* are forbidden|Forbidden: updates/i;

/** Server-side apply tells an unknown field or a wrong type with status 500. */
const UNTYPED = /failed to create typed patch object \([^)]*\): (.*)/s;

/** The Status object of a refusal; {} where what answered was no API server. */
export function statusOf({ text }: Pick<Answer, 'text'>): JsonObject {
  try {
    const parsed: unknown = JSON.parse(text);
    return textAt(asObject(parsed), 'kind') === 'Status' ? asObject(parsed) : {};
  } catch {
    return {};
  }
}

export function isImmutable(error: KnotError): boolean {
  return error.details['immutable'] === true;
}

/** A refusal of the API server as an error of ours. `what` completes "Kubernetes refused to ...". */
export function refusalOf(answer: Answer, what: string): KnotError {
  const { status, headers } = answer;
  const told = statusOf(answer);
  const said = plainWords(textAt(told, 'message') || answer.text);
  const seconds = numberAt(objectAt(told, 'details'), 'retryAfterSeconds') || Number(headers['retry-after']);
  const details = { status, ...(seconds > 0 && { retryAfterMs: seconds * 1_000 }) };
  const admission = admissionOf(said, 'it');
  if (admission) return byAdmission(admission, status);
  switch (status) {
    case 401:
      return forbidden(`Kubernetes does not know the credentials (401), so it refused to ${what}.`, status);
    case 403:
      return refusedByRule(said, what);
    case 404:
      return missing(said, what);
    case 409:
      return new KnotError('backend.conflict', `Kubernetes could not ${what} now: ${said}.`, '', details);
    case 400:
    case 405:
    case 413:
    case 415:
    case 422: {
      const immutable = IMMUTABLE.test(said);
      return new KnotError('backend.invalid', `Kubernetes refused to ${what}: ${said}.`, 'Mend the template.', {
        status,
        ...(immutable && { immutable }),
      });
    }
    default:
      if (UNTYPED.test(said)) return wrongField(said, what, status);
      return new KnotError('backend.unavailable', `Kubernetes failed to ${what} (${status}): ${said}.`, '', details);
  }
}

/** Said with whatever status the rule likes. */
function byAdmission({ refused, message, advice }: Admission, status: number): KnotError {
  return new KnotError(refused ? 'backend.invalid' : 'backend.unavailable', message, advice, { status });
}

function wrongField(said: string, what: string, status: number): KnotError {
  const why = UNTYPED.exec(said)?.[1]?.replace(/^errors: */, '') ?? said;
  return new KnotError('backend.invalid', `Kubernetes refused to ${what}: ${why}.`, 'Mend the template.', { status });
}

/** 403 is said by the authorizer, by quotas, by admission and by a namespace on its way out. */
function refusedByRule(said: string, what: string): KnotError {
  if (/is being terminated/.test(said)) {
    const hint = 'Make the namespace anew, or name another in server.kubernetes.namespace. knot keeps trying.';
    return new KnotError('backend.unavailable', `The namespace is being deleted: ${said}.`, hint, { status: 403 });
  }
  if (/serviceaccount .* not found/i.test(said)) {
    return new KnotError('backend.unavailable', `Kubernetes could not ${what} yet: ${said}.`, '', { status: 403 });
  }
  if (/exceeded quota/.test(said)) {
    const hint = 'Raise the ResourceQuota of the namespace, or stop something in it.';
    return forbidden(`The namespace has no room for it: ${said}.`, 403, hint);
  }
  if (/violates PodSecurity/.test(said)) {
    const hint = 'Mend the template, or ask for another Pod Security level of the namespace.';
    return new KnotError('backend.invalid', `Pod Security refused it: ${said}.`, hint, { status: 403 });
  }
  return forbidden(`The account may not ${what} (403): ${said}.`, 403);
}

function forbidden(message: string, status: number, hint = "Check the Role of the leaf's account."): KnotError {
  return new KnotError('backend.forbidden', message, hint, { status });
}

function missing(said: string, what: string): KnotError {
  const namespace = /namespaces? "([^"]+)" not found/.exec(said)?.[1];
  return namespace === undefined
    ? new KnotError('backend.unavailable', `Kubernetes failed to ${what} (404): ${said}.`, '', { status: 404 })
    : new KnotError(
        'backend.unavailable',
        `There is no namespace ${namespace}.`,
        'Make it, or name another in server.kubernetes.namespace. knot keeps trying.',
        { status: 404 },
      );
}

export function plainWords(text: string): string {
  const words = text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[\s.]+$/, '');
  if (words === '') return 'no reason given';
  return words.length > MAX_TEXT ? `${words.slice(0, MAX_TEXT)}…` : words;
}
