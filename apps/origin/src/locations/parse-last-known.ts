import { fromJsonString } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import { PLATFORMS, RESTART_POLICIES, type SnapshotData, type SpaceSnapshot, type Want } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';

/** What a leaf last held of a space that the origin has no row of. */
export interface LastKnown {
  readonly generation: number;
  readonly restarts: number;
  readonly want: Want;
  readonly name: string;
  readonly ownerUsername: string;
  readonly snapshot: SpaceSnapshot | null;
}

export function parseLastKnown(json: string): LastKnown {
  const space = fromJsonString(sync.SpaceSchema, json, { ignoreUnknownFields: true });
  return {
    generation: Number(space.generation),
    restarts: Number(space.restarts),
    want: space.want === sync.Want.RUNNING ? 'running' : 'stopped',
    name: space.name,
    ownerUsername: space.ownerUsername,
    snapshot: space.snapshot ? snapshotFrom(space.snapshot) : null,
  };
}

function snapshotFrom(wire: sync.Snapshot): SpaceSnapshot {
  const platform = PLATFORMS.find((known) => known === wire.platform);
  const restart = RESTART_POLICIES.find((known) => known === wire.restart);
  if (!platform || !restart) {
    const message = 'The leaf holds this space in a form of a newer version.';
    throw new KnotError('protocol.version', message, 'Install the version of the leaf at the origin.');
  }
  return {
    hash: wire.hash,
    platform,
    template: { id: wire.templateId, name: wire.templateName, version: wire.templateVersion },
    job: wire.job,
    volumes: wire.volumes,
    restart,
    exceptions: wire.exceptions,
    data: JSON.parse(wire.data) as SnapshotData,
  };
}
