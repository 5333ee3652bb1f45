import { createHash, timingSafeEqual } from 'node:crypto';
import { KnotError } from '@knot/shared/errors';
import type { LeafInstance, LocationRow } from '@knot/shared/store';

/** What an enrolling leaf shows, hashed where it is a secret. */
export interface Applicant {
  readonly location: string;
  readonly instance: string;
  readonly instanceSecretHash: string;
  /** Whether it came with a credential of this location and instance that is still good. */
  readonly hasCredential: boolean;
  readonly tokenHash: string;
  readonly address: string;
}

export interface AdmissionFacts {
  readonly row: LocationRow | null;
  readonly sharedTokenHashes: readonly string[];
  /** Whether the location has any space. */
  readonly inUse: boolean;
  readonly now: number;
}

export type Admission =
  | { readonly verdict: 'let-in'; readonly instances: readonly LeafInstance[] }
  /** Written down for an administrator to see, and refused. */
  | { readonly verdict: 'waiting'; readonly instances: readonly LeafInstance[]; readonly error: KnotError }
  | { readonly verdict: 'refused'; readonly error: KnotError };

const LOCATION_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * Whether a leaf may act for a location. `shared_token` alone enrols only a location without spaces; elsewhere a new
 * instance needs that location's own token or an administrator's word.
 */
export function decideAdmission(applicant: Applicant, facts: AdmissionFacts): Admission {
  const { row } = facts;
  if (!LOCATION_NAME.test(applicant.location)) {
    return refuse('input.invalid', `"${applicant.location}" is no name for a location`, 'Use letters, digits, . _ -');
  }
  if (row?.builtIn) {
    const message = `The location ${applicant.location} is the origin's own`;
    return refuse('location.enrol_refused', message, 'Give this leaf another server.location.');
  }
  const known = row?.instances.find((instance) => instance.id === applicant.instance);
  if (known && !sameHash(known.secretHash, applicant.instanceSecretHash)) {
    return refuse('location.enrol_refused', 'This leaf is not the instance it says it is', 'Give it a new data_path.');
  }
  const byLocation = row !== null && row.tokenHash !== '' && sameHash(row.tokenHash, applicant.tokenHash);
  if (known?.state === 'revoked' && !byLocation) {
    const hint = `Get a new token for it: knot locations token ${applicant.location}`;
    return refuse('location.enrol_refused', `This leaf of ${applicant.location} was revoked`, hint);
  }
  if (applicant.hasCredential || byLocation) return letIn(applicant, facts);
  if (!facts.sharedTokenHashes.some((hash) => sameHash(hash, applicant.tokenHash))) {
    return refuse('auth.failed', 'The shared_token is not one that this origin accepts', TOKEN_HINT);
  }
  if (known?.state === 'let-in' || !facts.inUse) return letIn(applicant, facts);
  return wait(applicant, facts);
}

const TOKEN_HINT = "Copy server.shared_token from the origin's knot.yaml.";

function letIn(applicant: Applicant, facts: AdmissionFacts): Admission {
  return { verdict: 'let-in', instances: withInstance(applicant, facts, 'let-in') };
}

function wait(applicant: Applicant, facts: AdmissionFacts): Admission {
  const { location, instance } = applicant;
  const message = `${location} has spaces already, so this new leaf (${instance}) waits for an administrator`;
  const hint = `knot locations approve ${location} ${instance}, or start it with the token of knot locations token ${location}`;
  const error = new KnotError('location.enrol_refused', message, hint);
  return { verdict: 'waiting', instances: withInstance(applicant, facts, 'waiting'), error };
}

function withInstance(
  applicant: Applicant,
  { row, now }: AdmissionFacts,
  state: LeafInstance['state'],
): readonly LeafInstance[] {
  const others = (row?.instances ?? []).filter((instance) => instance.id !== applicant.instance);
  const before = row?.instances.find((instance) => instance.id === applicant.instance);
  const { instance: id, instanceSecretHash: secretHash, address } = applicant;
  return [...others, { id, secretHash, state, address, since: before?.state === state ? before.since : now }];
}

function refuse(code: KnotError['code'], message: string, hint: string): Admission {
  return { verdict: 'refused', error: new KnotError(code, message, hint) };
}

function sameHash(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
