import {
  appAddress,
  phaseOf,
  portShare,
  runningTime,
  scheduleSentence,
  type AppNaming,
  type Condition,
  type ObservedSpace,
  type Phase,
  type PortPolicy,
  type PortSharing,
  type RuledShare,
} from '@knot/domain';
import type { SpaceObservedRow, SpaceRow, TemplateRow, UserRow } from '@knot/shared/store';
import type { OperationDto } from '../operations/operation.dto.js';
import type { SpaceDetailDto, SpaceDto } from './space.dto.js';

export interface SpaceParts {
  readonly row: SpaceRow;
  readonly observed: SpaceObservedRow | null;
  readonly owner: UserRow | null;
  readonly sharedWith: readonly Pick<UserRow, 'id' | 'username'>[];
  readonly template: TemplateRow | null;
  readonly live: boolean;
  /** Of its location. */
  readonly policy: PortPolicy;
  /** How apps are named behind the address of its leaf; null where they are not. */
  readonly leafApps: AppNaming | null;
  readonly updateAvailable: boolean;
  /** ms since the epoch */
  readonly now: number;
}

export function spacePhase({ row, observed, live, now }: Pick<SpaceParts, 'row' | 'observed' | 'live' | 'now'>): Phase {
  // what its schedule has closed is stopped, whatever is wished for
  const want = row.want === 'running' && !runningTime(row, now).open ? 'stopped' : row.want;
  return phaseOf({
    desired: { ...row, want },
    started: row.snapshotHash !== '',
    observed: observed?.observed ?? null,
    live,
  });
}

export function spaceDto(parts: SpaceParts): SpaceDto {
  const { row, owner, template, live, updateAvailable } = parts;
  const observed = parts.observed?.observed ?? null;
  const phase = spacePhase(parts);
  const { id, name, description, location, want, generation, restarts, wishedAt, createdAt, version } = row;
  return {
    id,
    name,
    description,
    owner: { id: row.ownerId, username: owner?.username ?? '' },
    sharedWith: parts.sharedWith.map(({ id: userId, username }) => ({ id: userId, username })),
    location,
    shell: row.shell,
    template: {
      id: row.templateId,
      name: template?.name ?? '',
      platform: template?.platform ?? 'manual',
      version: row.templateVersion,
      present: template?.present ?? 0,
    },
    want,
    generation,
    observedGeneration: observed?.observedGeneration ?? 0,
    restarts,
    phase,
    message: messageOf(phase, observed, parts),
    conditions: observed?.conditions.map((condition) => ({ ...condition })) ?? [],
    phases: observed?.phases.map((step) => ({ ...step })) ?? [],
    updateAvailable,
    ...scheduleOf(parts),
    live,
    asOf: parts.observed?.reportedAt ?? 0,
    wishedAt,
    createdAt,
    version,
  };
}

export interface SpaceMore {
  /** User name of who asked for the present wish. */
  readonly wishedBy: string;
  readonly operation: OperationDto | null;
  /** How names of apps are made; null where none are. */
  readonly apps: AppNaming | null;
}

export function spaceDetail(parts: SpaceParts, { wishedBy, operation, apps }: SpaceMore): SpaceDetailDto {
  const observed = parts.observed?.observed ?? null;
  const names = { user: parts.owner?.username ?? '', space: parts.row.name };
  const sharing = sharingOf(parts.row, parts.template, parts.policy);
  const ports = observed?.ports ?? [];
  return {
    ...spaceDto(parts),
    wishedBy,
    workload: observed?.workload ?? '',
    instance: observed?.instance ?? '',
    exitCode: observed?.exitCode ?? null,
    volumes: observed?.volumes.map((volume) => ({ ...volume })) ?? [],
    ports: ports.map((port) => ({
      ...{ port: port.port, label: port.label, protocol: port.protocol, kind: port.kind ?? '' },
      address: apps ? appAddress(apps, { ...names, port, ports }) : '',
      directAddress: parts.leafApps ? appAddress(parts.leafApps, { ...names, port, ports }) : '',
      ...sharedAs(portShare(port.port, sharing)),
    })),
    tunnel: observed?.tunnel ?? '',
    scripts: observed?.scripts?.map((one) => ({ ...one })) ?? [],
    activeAt: observed?.activeAt ?? 0,
    portShares: parts.row.portShares.map((one) => ({ ...one })),
    events: observed?.events.map((event) => ({ ...event })) ?? [],
    operation,
  };
}

/** What decides on the ports of a space. */
export function sharingOf(
  { location, portShares, templatePorts }: SpaceRow,
  template: Pick<TemplateRow, 'platform'> | null,
  policy: PortPolicy,
): PortSharing {
  return { location, portShares, templatePorts, policy, platform: template?.platform ?? 'manual' };
}

function sharedAs({ share, by }: RuledShare) {
  return { share, sharedBy: by };
}

function scheduleOf({ row, now }: SpaceParts): Pick<SpaceDto, 'schedule' | 'stopsAt' | 'startsAt'> {
  if (row.want !== 'running') return { schedule: '', stopsAt: 0, startsAt: 0 };
  const time = runningTime(row, now);
  const [stopsAt, startsAt] = time.open ? [time.until ?? 0, 0] : [0, time.startsAt ?? 0];
  return { schedule: scheduleSentence(row, now), stopsAt, startsAt };
}

/** Why it is in this phase: the condition that explains it best. */
function messageOf(phase: Phase, observed: ObservedSpace | null, { row, live }: SpaceParts): string {
  if (!live && phase === 'Unknown') {
    const silent = `The leaf of ${row.location} is not heard of; `;
    const isTold = observed?.observedGeneration === row.generation;
    return silent + (isTold ? 'this is what it said last.' : 'what is wished is done once it is back.');
  }
  if (phase === 'Queued') return 'The leaf has not taken it up yet.';
  if (!observed || phase === 'Running') return '';
  const bad = (condition: Condition) =>
    condition.type === 'Stalled' ? condition.status === 'True' : condition.status !== 'True';
  const telling = ['Stalled', 'Ready', 'Deployed', 'VolumesReady'].flatMap(
    (type) => observed.conditions.find((condition) => condition.type === type && bad(condition)) ?? [],
  );
  return telling.find(({ message }) => message !== '')?.message ?? '';
}
