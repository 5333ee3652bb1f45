import { isTunnelAddress, type sync } from '@knot/contract';
import {
  CONDITION_TYPES,
  REASONS,
  PORT_KINDS,
  PORT_PROTOCOLS,
  START_PHASES,
  type Condition,
  type ConditionStatus,
  type ObservedSpace,
  type ObservedVolume,
  type Platform,
  PLATFORMS,
  type SpacePort,
  type SpaceScript,
  type StartPhase,
} from '@knot/domain';
import type { LocationFacts, LocationStatusRow, NewRow, PlatformStatus } from '@knot/shared/store';

/** Bounds of one report, so that no leaf can fill the store. */
const LIMITS = { conditions: 16, volumes: 64, phases: 16, events: 50, ports: 64, scripts: 32, label: 64, text: 2_000 };

const WORKLOADS: readonly ObservedSpace['workload'][] = [
  'absent',
  'foreign',
  'pending',
  'starting',
  'healthy',
  'unhealthy',
  'ended',
  'stopping',
];

/** A report as the origin keeps it: known words only, everything bounded. A newer leaf's unknown words read as Unknown. */
export function observedFrom(status: sync.SpaceStatus): ObservedSpace {
  return {
    id: status.id,
    observedGeneration: Number(status.observedGeneration),
    conditions: status.conditions.slice(0, LIMITS.conditions).flatMap(conditionFrom),
    workload: oneOf(WORKLOADS, status.workload) ?? 'absent',
    instance: cut(status.instance),
    exitCode: status.exitCode ?? null,
    volumes: status.volumes.slice(0, LIMITS.volumes).map((volume) => ({
      name: cut(volume.name),
      backendId: cut(volume.backendId),
      state: oneOf<ObservedVolume['state']>(['ready', 'pending', 'missing', 'failed'], volume.state) ?? 'pending',
      message: cut(volume.message),
      detached: volume.detached,
    })),
    phases: status.phases.slice(0, LIMITS.phases).flatMap(phaseFrom),
    events: status.events.slice(-LIMITS.events).map((event) => ({
      id: cut(event.id),
      at: Number(event.at),
      source: cut(event.source),
      reason: cut(event.reason),
      message: cut(event.message),
    })),
    appliedHash: cut(status.appliedHash),
    restartsSatisfied: Number(status.restartsSatisfied),
    finalized: status.finalized,
    observedAt: Number(status.observedAt),
    ...(status.ports.length > 0 && { ports: status.ports.slice(0, LIMITS.ports).flatMap(portFrom) }),
    ...(isTunnelAddress(status.tunnel) && { tunnel: status.tunnel }),
    ...(status.scripts.length > 0 && { scripts: status.scripts.slice(0, LIMITS.scripts).map(scriptFrom) }),
    ...(status.activeAt > 0n && { activeAt: Number(status.activeAt) }),
  };
}

function portFrom({ port, label, protocol, kind }: sync.SpacePort): SpacePort[] {
  const known = oneOf(PORT_PROTOCOLS, protocol);
  if (!known || port < 1 || port > 65_535) return [];
  const use = oneOf(PORT_KINDS, kind);
  return [{ port, label: label.slice(0, LIMITS.label), protocol: known, ...(use && { kind: use }) }];
}

function scriptFrom({ name, code }: sync.SpaceScript): SpaceScript {
  return { name: name.slice(0, LIMITS.label), code: code ?? null };
}

export function conditionFrom(condition: sync.Condition): Condition[] {
  const type = oneOf(CONDITION_TYPES, condition.type);
  if (!type) return [];
  const status = oneOf<ConditionStatus>(['True', 'False', 'Unknown'], condition.status) ?? 'Unknown';
  const reason = oneOf(REASONS, condition.reason) ?? 'Unknown';
  return [{ type, status, reason, message: cut(condition.message), since: Number(condition.since) }];
}

function phaseFrom(phase: sync.StartPhase): StartPhase[] {
  const name = oneOf(START_PHASES, phase.name);
  return name ? [{ name, at: Number(phase.at) }] : [];
}

export function locationStatusFrom(
  location: string,
  status: sync.LocationStatus,
  term: number,
  now: number,
): NewRow<'locationStatus'> {
  return {
    id: location,
    term,
    leafVersion: cut(status.programVersion),
    protocol: 1,
    platforms: status.platforms.slice(0, PLATFORMS.length).flatMap(platformFrom),
    facts: factsFrom(status.facts),
    queueDepth: status.queueDepth,
    spaces: status.spaces,
    appliedRev: Number(status.applied?.rev ?? 0n),
    reportedAt: now,
    sequence: Number(status.sequence),
  };
}

function platformFrom(status: sync.PlatformStatus): PlatformStatus[] {
  const platform = platformNamed(status.platform);
  if (!platform) return [];
  const { ready, lockHeld } = status;
  return [{ platform, ready, lockHeld, version: cut(status.version), message: cut(status.message) }];
}

export function platformNamed(name: string): Platform | undefined {
  return oneOf(PLATFORMS, name);
}

function factsFrom(facts: Readonly<Record<string, string>>): LocationFacts {
  const fact = (name: string) => cut(facts[name] ?? '');
  return {
    url: fact('url'),
    agentEndpoint: fact('agent_endpoint'),
    wildcardDomain: fact('wildcard_domain'),
    timezone: fact('timezone'),
    nomadDc: fact('nomad_dc'),
    nomadRegion: fact('nomad_region'),
    directUrl: fact('direct_url'),
    directFingerprint: fact('direct_fingerprint'),
    appsUrl: fact('apps_url'),
  };
}

/** Whether the leaf's word of itself says something new, apart from the time and its number. */
export function sameStatus(before: LocationStatusRow | null, after: NewRow<'locationStatus'>): boolean {
  if (!before) return false;
  const { version: _version, reportedAt: _before, sequence: _last, ...old } = before;
  const { reportedAt: _after, sequence: _next, ...fresh } = after;
  return JSON.stringify(old) === JSON.stringify(fresh);
}

function oneOf<T extends string>(known: readonly T[], text: string): T | undefined {
  return known.find((word) => word === text);
}

function cut(text: string): string {
  return text.length > LIMITS.text ? `${text.slice(0, LIMITS.text)}…` : text;
}
