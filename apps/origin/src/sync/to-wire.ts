import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { Schedule, SpaceSnapshot, Want } from '@knot/domain';
import type { LocationRow, Position, SpaceObservedRow, SpaceRow, UserRow, VolumeRow } from '@knot/shared/store';
import { bareKey } from '../ssh/public-key.js';

/** Weight of one message: with three bytes a character it still fits the 4 MB that a leaf takes. */
export const MOST_WEIGHT = 1_000_000;

export type WireObject = MessageInitShape<typeof sync.ObjectSchema>;

const WANT: Record<Want, sync.Want> = {
  running: sync.Want.RUNNING,
  stopped: sync.Want.STOPPED,
  deleted: sync.Want.DELETED,
};

const VOLUME_WANT: Record<VolumeRow['want'], sync.Want> = {
  present: sync.Want.RUNNING,
  absent: sync.Want.STOPPED,
  deleted: sync.Want.DELETED,
};

export function wirePosition(position: Position): sync.Position {
  return create(sync.PositionSchema, { epoch: position.epoch, rev: BigInt(position.rev), nonce: position.nonce });
}

export function wireSpace(
  row: SpaceRow,
  ownerName: string,
  members: readonly UserRow[],
  snapshot: sync.Snapshot | null,
  lastReported: Pick<SpaceObservedRow, 'observed' | 'term'> | null,
): WireObject {
  const active = members.filter((user) => user.active);
  const space = create(sync.SpaceSchema, {
    id: row.id,
    generation: BigInt(row.generation),
    want: WANT[row.want],
    restarts: BigInt(row.restarts),
    name: row.name,
    ownerId: row.ownerId,
    ownerUsername: ownerName,
    memberIds: active.map(({ id }) => id),
    sshKeys: active.map(({ id, sshKeys }) => ({ userId: id, keys: sshKeys.map(bareKey) })),
    portShares: row.portShares.map((one) => ({ ...one })),
    templatePorts: row.templatePorts.map(({ port, share = '', label = '', protocol = '' }) => {
      return { port, share, label, protocol };
    }),
    shell: row.shell,
    wishedAt: BigInt(row.wishedAt),
    ...(row.schedule && { schedule: wireSchedule(row.schedule) }),
    extendedUntil: BigInt(row.extendedUntil),
    ...(snapshot && { snapshot }),
    ...(lastReported && { lastReported: wireStatus(lastReported) }),
  });
  return { object: { case: 'space', value: space } };
}

function wireSchedule({ timezone, windows, holidays, autoStart }: Schedule): sync.Schedule {
  return create(sync.ScheduleSchema, {
    timezone,
    windows: windows.map(({ days, from, to }) => ({ days: [...days], from, to })),
    holidays: [...holidays],
    autoStart,
  });
}

/** Holds secrets. */
export function wireSnapshot(snapshot: SpaceSnapshot): sync.Snapshot {
  return create(sync.SnapshotSchema, {
    hash: snapshot.hash,
    platform: snapshot.platform,
    templateId: snapshot.template.id,
    templateName: snapshot.template.name,
    templateVersion: snapshot.template.version,
    job: snapshot.job,
    volumes: snapshot.volumes,
    restart: snapshot.restart,
    exceptions: [...snapshot.exceptions],
    data: JSON.stringify(snapshot.data),
    joinSecret: snapshot.joinSecret ?? '',
    protectedVariables: [...(snapshot.protectedVariables ?? [])],
    sshHostKey: snapshot.sshHostKey ?? '',
  });
}

/** What a leaf that lost its disk, or takes over from another, needs to go on from. */
function wireStatus({ observed, term }: Pick<SpaceObservedRow, 'observed' | 'term'>): sync.SpaceStatus {
  return create(sync.SpaceStatusSchema, {
    id: observed.id,
    observedGeneration: BigInt(observed.observedGeneration),
    workload: observed.workload,
    instance: observed.instance,
    volumes: observed.volumes.map((volume) => ({ ...volume })),
    appliedHash: observed.appliedHash,
    restartsSatisfied: BigInt(observed.restartsSatisfied),
    observedAt: BigInt(observed.observedAt),
    term: BigInt(term),
  });
}

export function wireVolume(row: VolumeRow): WireObject {
  const { id, name, platform, definition } = row;
  const value = { id, name, platform, definition, generation: BigInt(row.generation), want: VOLUME_WANT[row.want] };
  return { object: { case: 'volume', value: create(sync.VolumeSchema, value) } };
}

export function wireLocation(row: LocationRow): WireObject {
  const value = create(sync.LocationSchema, {
    name: row.id,
    allowedDrivers: [...row.policy.drivers],
    allowedHostVolumes: [...row.policy.hostVolumes],
    portShare: row.policy.ports?.share ?? '',
    publicPorts: row.policy.ports?.public ?? false,
  });
  return { object: { case: 'location', value } };
}

/** Of a space without the texts of its snapshot, and of what a snapshot has beside them. */
const SPACE_WEIGHT = 1_000;

/** About how many characters the texts of a snapshot have. */
export function snapshotWeight({
  job = '',
  volumes = '',
  data = '',
}: MessageInitShape<typeof sync.SnapshotSchema>): number {
  return job.length + volumes.length + data.length;
}

/** About how many characters it has on the wire: texts that people write, and something for the rest. */
export function weightOf({ object }: WireObject): number {
  switch (object?.case) {
    case 'space':
      return SPACE_WEIGHT + snapshotWeight(object.value.snapshot ?? {});
    case 'volume':
      return 500 + (object.value.definition ?? '').length;
    default:
      return 500;
  }
}
