import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import { sha256Hex } from '@knot/shared';
import { isKnotError, KnotError } from '@knot/shared/errors';
import {
  retrying,
  type Commit,
  type Decision,
  type LocationRow,
  type NewRow,
  type Store,
  type Write,
} from '@knot/shared/store';
import { decideAdmission, type Applicant } from './admission.js';
import type { LocationKeys } from '../agents/location-keys.js';
import type { LeafIdentity } from './caller.js';
import type { IssuedCredential, LeafCredentials } from './leaf-credentials.js';

export interface EnrollLeafOptions {
  readonly store: Store;
  readonly credentials: LeafCredentials;
  readonly locationKeys: LocationKeys;
  readonly newId: () => string;
  readonly sharedTokenHashes: readonly string[];
  readonly defaultPolicy: LocationRow['policy'];
  /** Aggregates, so that refusals cannot flood the store. */
  readonly auditRefusal: (refusal: SyncRefusal) => void;
}

export interface SyncRefusal {
  readonly actor: string;
  readonly action: string;
  readonly location: string;
  readonly address: string;
  readonly error: KnotError;
  /** How often, where it is not once. */
  readonly count?: number;
}

/** Trades a token for a credential, or a credential for a fresh one. */
export class EnrollLeaf {
  constructor(private readonly options: EnrollLeafOptions) {}

  async run(request: sync.EnrollRequest, credential: string, address: string): Promise<sync.EnrollResponse> {
    if (request.instance === '' || request.instanceSecret.length < 32) {
      throw new KnotError('input.invalid', 'The leaf names no instance', 'Install the same version at both ends.');
    }
    const { store } = this.options;
    const now = await store.now();
    const applicant: Applicant = {
      location: request.location,
      instance: request.instance,
      instanceSecretHash: sha256Hex(request.instanceSecret),
      hasCredential: await this.owns(credential, request, now),
      tokenHash: request.token === '' ? '' : sha256Hex(request.token),
      address,
    };
    const { result } = await retrying(store, () => this.decide(applicant, now));
    if ('error' in result) {
      const { location, instance } = applicant;
      const action = 'location.enrol';
      this.options.auditRefusal({ actor: `leaf:${instance}`, action, location, address, error: result.error });
      throw result.error;
    }
    const { issued } = result;
    const installation = await store.get('installation', 'installation');
    return create(sync.EnrollResponseSchema, {
      credential: issued.credential,
      credentialExpiresAt: BigInt(issued.row.expiresAt),
      installation: installation?.uuid ?? '',
      location: request.location,
      ...(await this.options.locationKeys.forLeaf(request)),
    });
  }

  private async owns(credential: string, request: sync.EnrollRequest, now: number): Promise<boolean> {
    if (credential === '') return false;
    try {
      const identity = await this.options.credentials.verify(credential, now);
      return identity.location === request.location && identity.instance === request.instance;
    } catch (error) {
      if (isKnotError(error, 'auth.failed')) return false;
      throw error;
    }
  }

  private async decide(applicant: Applicant, now: number): Promise<Decision<Enrolled>> {
    const { store, sharedTokenHashes, credentials } = this.options;
    const row = await store.get('location', applicant.location);
    const inUse = (await store.count('space', { location: applicant.location })) > 0;
    const admission = decideAdmission(applicant, { row, sharedTokenHashes, inUse, now });
    if (admission.verdict === 'refused') return { commit: null, result: { error: admission.error } };
    const location = this.locationRow(applicant.location, row, admission.instances, now);
    const commit = (writes: readonly Write[]) =>
      this.commit(applicant, row, [{ put: 'location', row: location }, ...writes]);
    if (admission.verdict === 'waiting') {
      const before = row?.instances.find((instance) => instance.id === applicant.instance);
      return { commit: before?.state === 'waiting' ? null : commit([]), result: { error: admission.error } };
    }
    const identity: LeafIdentity = { location: applicant.location, instance: applicant.instance };
    const issued = credentials.issue(identity, now);
    const stale = (await credentials.ofLocation(identity.location)).filter((old) => old.expiresAt <= now);
    const writes: Write[] = [
      { put: 'leafCredential', row: issued.row },
      ...stale.map((old) => ({ delete: 'leafCredential' as const, id: old.id })),
      { put: 'audit', row: this.auditRow(applicant, now) },
    ];
    return { commit: commit(writes), result: { issued } };
  }

  private locationRow(
    id: string,
    row: LocationRow | null,
    instances: LocationRow['instances'],
    now: number,
  ): NewRow<'location'> {
    return row
      ? { ...row, instances }
      : { id, builtIn: false, tokenHash: '', instances, policy: this.options.defaultPolicy, createdAt: now };
  }

  private commit({ location }: Applicant, row: LocationRow | null, writes: readonly Write[]): Commit {
    return {
      expect: [{ kind: 'location', id: location, version: row?.version ?? 0 }],
      writes,
      log: [{ stream: 'events', kind: 'location', id: location, op: 'put' }],
    };
  }

  private auditRow({ location, instance, address }: Applicant, now: number): NewRow<'audit'> {
    return {
      id: this.options.newId(),
      at: now,
      actor: `leaf:${instance}`,
      action: 'location.enrol',
      subjectKind: 'location',
      subjectId: location,
      location,
      address,
      outcome: 'done',
      details: {},
      seal: 0,
    };
  }
}

type Enrolled = { readonly issued: IssuedCredential } | { readonly error: KnotError };
