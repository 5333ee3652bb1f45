import { describe, expect, it } from 'vitest';
import { isImmutable, refusalOf } from './refusal.js';

function refusal(status: number, message: string, headers: Record<string, string> = {}, details: object = {}) {
  const text = JSON.stringify({ kind: 'Status', message, details });
  return refusalOf({ status, headers, text }, 'apply the Pod web');
}

describe('what the API server refuses', () => {
  it.each([
    [401, 'Unauthorized', 'backend.forbidden', 'does not know the credentials'],
    [403, 'pods is forbidden: User "x" cannot list resource "pods"', 'backend.forbidden', 'The account may not'],
    [403, 'pods "a" is forbidden: exceeded quota: q, requested: pods=1', 'backend.forbidden', 'no room for it'],
    [
      403,
      'unable to create new content in namespace a because it is being terminated',
      'backend.unavailable',
      'deleted',
    ],
    [
      403,
      'pods "a" is forbidden: violates PodSecurity "baseline:latest": host namespaces',
      'backend.invalid',
      'Security',
    ],
    [
      400,
      'admission webhook "v.example" denied the request: not on Fridays',
      'backend.invalid',
      'The admission webhook v.example refused it: not on Fridays.',
    ],
    [
      403,
      `deployments.apps "a" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: not on Fridays`,
      'backend.invalid',
      'The admission policy p refused it: not on Fridays.',
    ],
    [
      500,
      'Internal error occurred: failed calling webhook "v.example": failed to call webhook: Post "https://x": timed out',
      'backend.unavailable',
      'The admission webhook v.example is asked about it and does not answer: Post "https://x": timed out.',
    ],
    [404, 'namespaces "spaces" not found', 'backend.unavailable', 'There is no namespace spaces'],
    [409, 'the object has been modified', 'backend.conflict', 'modified'],
    [422, 'Pod "a" is invalid: spec: Required value', 'backend.invalid', 'Required value'],
    [429, 'too many requests', 'backend.unavailable', 'too many'],
    [500, 'etcdserver: request timed out', 'backend.unavailable', 'timed out'],
    [
      500,
      'failed to create typed patch object (a/b; v1, Kind=Pod): .spec.x: field not declared in schema',
      'backend.invalid',
      ': .spec.x',
    ],
  ])('%i %s', (status, said, code, words) => {
    const error = refusal(status, said);
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
  });

  it('is waited for as long as it says', () => {
    expect(refusal(429, 'busy', { 'retry-after': '7' }).details['retryAfterMs']).toBe(7_000);
    expect(refusal(503, 'busy', {}, { retryAfterSeconds: 2 }).details['retryAfterMs']).toBe(2_000);
  });

  it('is a new object where only a field cannot be changed', () => {
    const said = 'Deployment.apps "a" is invalid: spec.selector: Invalid value: {}: field is immutable';
    expect(isImmutable(refusal(422, said))).toBe(true);
    expect(isImmutable(refusal(422, 'Pod "a" is invalid: pod updates may not change fields other than image'))).toBe(
      true,
    );
    expect(isImmutable(refusal(422, 'Pod "a" is invalid: spec: Required value'))).toBe(false);
  });
});
