import { fromBinary } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import {
  PLATFORMS,
  PORT_SHARES,
  RESTART_POLICIES,
  templatePortOf,
  type DesiredSpace,
  type Schedule,
  type SharedPort,
  type SpaceSnapshot,
  type TemplatePort,
  type Want,
} from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import { parseSnapshotData } from './parse-json.js';

/** Of bytes that the store has at hand; what was read from them is not changed by anybody. */
const read = new WeakMap<Uint8Array, DesiredSpace>();

/** A stored space object as the domain knows it. Throws `internal` for what no origin of this protocol sends. */
export function desiredSpace(bytes: Uint8Array): DesiredSpace {
  const known = read.get(bytes);
  if (known) return known;
  const space = parseSpace(bytes);
  read.set(bytes, space);
  return space;
}

function parseSpace(bytes: Uint8Array): DesiredSpace {
  const space = fromBinary(sync.SpaceSchema, bytes);
  return {
    id: space.id,
    generation: Number(space.generation),
    want: wantOf(space.want),
    restarts: Number(space.restarts),
    snapshot: space.snapshot ? snapshotOf(space.snapshot) : null,
    name: space.name,
    owner: { id: space.ownerId, username: space.ownerUsername },
    sshKeys: space.sshKeys.map(({ userId, keys }) => ({ userId, keys })),
    wishedAt: Number(space.wishedAt),
    schedule: space.schedule ? scheduleOf(space.schedule) : null,
    extendedUntil: Number(space.extendedUntil),
    members: space.memberIds,
    portShares: space.portShares.flatMap(sharedPort),
    templatePorts: space.templatePorts.flatMap(templatePort),
    shell: space.shell,
  };
}

/** A word of a newer origin shares nothing. */
function sharedPort({ port, share }: sync.SharedPort): SharedPort[] {
  const known = PORT_SHARES.find((one) => one === share);
  return known ? [{ port, share: known }] : [];
}

/** Where a newer origin says it in words that are not known here, the port itself still counts. */
function templatePort({ port, label, protocol, share }: sync.SharedPort): TemplatePort[] {
  return [templatePortOf({ port, label, protocol, share }) ?? { port }];
}

export function wantOf(want: sync.Want): Want {
  switch (want) {
    case sync.Want.RUNNING:
      return 'running';
    case sync.Want.STOPPED:
      return 'stopped';
    case sync.Want.DELETED:
      return 'deleted';
    case sync.Want.UNSPECIFIED:
      throw unreadable('what it wants');
  }
}

function scheduleOf({ timezone, windows, holidays, autoStart }: sync.Schedule): Schedule {
  return { timezone, windows: windows.map(({ days, from, to }) => ({ days, from, to })), holidays, autoStart };
}

/** As it came on the wire. */
export function snapshotOf(wire: sync.Snapshot): SpaceSnapshot {
  return {
    hash: wire.hash,
    platform: oneOf(PLATFORMS, wire.platform, 'its platform'),
    template: { id: wire.templateId, name: wire.templateName, version: wire.templateVersion },
    job: wire.job,
    volumes: wire.volumes,
    restart: oneOf(RESTART_POLICIES, wire.restart, 'its restart policy'),
    exceptions: wire.exceptions,
    data: parseSnapshotData(wire.data),
    ...(wire.joinSecret !== '' && { joinSecret: wire.joinSecret }),
    ...(wire.sshHostKey !== '' && { sshHostKey: wire.sshHostKey }),
    ...(wire.protectedVariables.length > 0 && { protectedVariables: wire.protectedVariables }),
  };
}

export function oneOf<T extends string>(known: readonly T[], word: string, what: string): T {
  const found = known.find((candidate) => candidate === word);
  if (found === undefined) throw unreadable(`${what} ("${word}")`);
  return found;
}

function unreadable(what: string): KnotError {
  return new KnotError(
    'internal',
    `This leaf does not understand ${what}.`,
    "Upgrade the leaf to its origin's version.",
  );
}
