import { createToken, sha256Hex, type RandomSource } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { Commit, LeafInstance, LocationPolicy, LocationRow, NewRow, Store, Write } from '@knot/shared/store';
import { assertVersion, found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import type { LeafCredentials } from '../sync/leaf-credentials.js';
import type { LocationViews } from './location-views.js';
import type { LocationDetailDto, LocationTokenDto } from './location.dto.js';

export interface LocationDeedsPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: { now(): number };
  readonly random: RandomSource;
  readonly views: LocationViews;
  readonly credentials: LeafCredentials;
  readonly defaultPolicy: LocationPolicy;
}

/** Who may act for a location, and what templates may ask for there. */
export class LocationDeeds {
  constructor(private readonly ports: LocationDeedsPorts) {}

  async makeToken(call: Call, name: string): Promise<LocationTokenDto> {
    const { store, deeds, random, clock, defaultPolicy } = this.ports;
    return deeds.do(doerOf(call), async () => {
      const row = await store.get('location', name);
      if (row?.builtIn) {
        throw new KnotError(
          'state.refused',
          `${name} is the origin's own location.`,
          'Its leaf runs inside of the origin.',
        );
      }
      const token = createToken(random, 'knloc');
      const fresh = { id: name, builtIn: false, instances: [], policy: defaultPolicy, createdAt: clock.now() };
      const next = { ...(row ?? fresh), tokenHash: sha256Hex(token) };
      return {
        ...writing(row, next),
        audit: { action: 'location.token', subjectKind: 'location', subjectId: name, location: name },
        answer: { location: name, token },
        replay: { location: name, token: '' },
      };
    });
  }

  async approve(call: Call, name: string, instance: string): Promise<LocationDetailDto> {
    return this.setInstance(call, name, instance, 'let-in', async () => []);
  }

  async revoke(call: Call, name: string, instance: string): Promise<LocationDetailDto> {
    const now = this.ports.clock.now();
    const answer = await this.setInstance(call, name, instance, 'revoked', async () => {
      const credentials = await this.ports.credentials.ofLocation(name);
      return credentials
        .filter((row) => row.instance === instance && row.revokedAt === 0)
        .map(({ version: _, ...row }) => ({ put: 'leafCredential' as const, row: { ...row, revokedAt: now } }));
    });
    this.ports.credentials.announceRevocation({ location: name, instance });
    return answer;
  }

  async setPolicy(call: Call, name: string, wanted: LocationPolicy): Promise<LocationDetailDto> {
    const { store, deeds } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('location', name), 'location');
      assertVersion(call, row);
      const { drivers, hostVolumes, ports = row.policy.ports, leafWishes = row.policy.leafWishes ?? false } = wanted;
      assertPublicAllowed(ports);
      const lists = { drivers: sorted(drivers), hostVolumes: sorted(hostVolumes) };
      const policy = { ...lists, ...(ports && { ports }), leafWishes };
      return {
        ...writing(row, { ...row, policy }),
        audit: { action: 'location.policy', subjectKind: 'location', subjectId: name, location: name, details: policy },
        answer: null,
      };
    });
    return this.ports.views.get(call, name);
  }

  private async setInstance(
    call: Call,
    name: string,
    id: string,
    state: LeafInstance['state'],
    more: () => Promise<readonly Write[]>,
  ): Promise<LocationDetailDto> {
    const { store, deeds, clock } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('location', name), 'location');
      const instance = found(row.instances.find((known) => known.id === id) ?? null, 'instance of this location');
      const since = instance.state === state ? instance.since : clock.now();
      const instances = row.instances.map((known) => (known.id === id ? { ...known, state, since } : known));
      const part = writing(row, { ...row, instances });
      const action = state === 'revoked' ? 'location.revoke' : 'location.approve';
      return {
        ...part,
        writes: [...part.writes, ...(await more())],
        audit: { action, subjectKind: 'location', subjectId: name, location: name, details: { instance: id } },
        answer: null,
      };
    });
    return this.ports.views.get(call, name);
  }
}

function writing(row: LocationRow | null, next: NewRow<'location'>): Pick<Commit, 'expect' | 'writes' | 'log'> {
  const { id, builtIn, tokenHash, instances, policy, createdAt } = next;
  return {
    expect: [{ kind: 'location', id, version: row?.version ?? 0 }],
    writes: [{ put: 'location', row: { id, builtIn, tokenHash, instances, policy, createdAt } }],
    log: [
      { stream: `location:${id}`, kind: 'location', id, op: 'put' },
      { stream: 'events', kind: 'location', id, op: 'put' },
    ],
  };
}

function assertPublicAllowed(ports: LocationPolicy['ports']): void {
  if (ports?.share !== 'public' || ports.public) return;
  throw new KnotError('input.invalid', 'Ports cannot be public by default where none may be public.', 'Allow both.');
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
