import { CLOSED_PORTS } from '@knot/domain';
import type { LocationPolicy, OrphanRow } from '@knot/shared/store';
import type { LocationState } from './location-states.js';
import type { LocationDetailDto, LocationDto, LocationPolicyDto, OrphanDto } from './location.dto.js';

export interface LocationCounts {
  readonly spaces: number;
  readonly orphans: number;
  /** Head of the location's revision log. */
  readonly headRev: number;
}

export function locationDto(state: LocationState, { spaces, orphans, headRev }: LocationCounts): LocationDto {
  const { row, lease, status, live, liveUntil } = state;
  return {
    name: row.id,
    builtIn: row.builtIn,
    live,
    liveUntil,
    // after a restore a lease of nobody says nothing of when anybody was heard of
    asOf: Math.max(lease && lease.holder !== '' ? lease.renewedAt : 0, status?.reportedAt ?? 0),
    leaf:
      lease || status
        ? {
            version: status?.leafVersion ?? '',
            protocol: status?.protocol ?? 0,
            holder: lease && lease.renewedAt > 0 ? lease.holder : '',
            instance: lease?.instance ?? '',
            term: lease?.term ?? 0,
          }
        : null,
    platforms: status?.platforms.map((platform) => ({ ...platform })) ?? [],
    spaces,
    queue: status?.queueDepth ?? 0,
    lag: Math.max(0, headRev - (status?.appliedRev ?? 0)),
    waiting: row.instances.filter(({ state: word }) => word === 'waiting').length,
    orphans,
    createdAt: row.createdAt,
    version: row.version,
  };
}

/** `inside`: with the instances, for administrators. */
export function locationDetail(state: LocationState, counts: LocationCounts, inside: boolean): LocationDetailDto {
  const { row, status } = state;
  const instances = row.instances.map(({ id, state: word, address, since }) => ({ id, state: word, address, since }));
  return {
    ...locationDto(state, counts),
    facts: status ? { ...status.facts } : null,
    policy: policyDto(row.policy),
    headRev: counts.headRev,
    appliedRev: status?.appliedRev ?? 0,
    hasToken: row.tokenHash !== '',
    ...(inside ? { instances } : {}),
  };
}

function policyDto({
  drivers,
  hostVolumes,
  ports = CLOSED_PORTS,
  leafWishes = false,
}: LocationPolicy): LocationPolicyDto {
  return { drivers: [...drivers], hostVolumes: [...hostVolumes], ports, leafWishes };
}

export function orphanDto(row: OrphanRow): OrphanDto {
  const { spaceId, location, platform, ownerName, name, createdAt, seenAt } = row;
  return { spaceId, location, platform, ownerName, name, createdAt, seenAt, adoptable: row.lastKnown !== '' };
}
