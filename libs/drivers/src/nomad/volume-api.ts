import { isKnotError, KnotError } from '@knot/shared/errors';
import { asObject, flagAt, isObject, listAt, msOf, numberAt, objectAt, textAt, type JsonObject } from './json.js';
import type { NomadClient } from './nomad-client.js';
import type { VolumeDefinition } from './volume-definition.js';

export interface NomadVolume {
  readonly id: string;
  readonly name: string;
  readonly state: 'ready' | 'pending';
  readonly message: string;
  readonly inUse: boolean;
  /** ms since the epoch by Nomad's clock; 0 when it does not say. */
  readonly createdAt: number;
}

/** Nomad's two kinds of volumes behind one face. */
export class VolumeApi {
  constructor(private readonly client: NomadClient) {}

  async find(kind: VolumeDefinition['kind'], id: string, signal: AbortSignal): Promise<NomadVolume | null> {
    const path = `volume/${kind}/${encodeURIComponent(id)}`;
    const found = await this.client.find('volume', path, `look at the volume ${id}`, signal);
    if (found === null) return null;
    return kind === 'csi' ? csiVolume(asObject(found)) : hostVolume(asObject(found));
  }

  /** Names of host volumes are not unique in Nomad. */
  async hostVolumesNamed(name: string, signal: AbortSignal): Promise<readonly NomadVolume[]> {
    const query = { type: 'host', filter: `Name == ${JSON.stringify(name)}` };
    return (await this.client.list('volumes', 'list its volumes', signal, query)).map(hostVolume);
  }

  /** Ids of all volumes of the namespace, for telling which records still stand for something. */
  async idsOf(kind: VolumeDefinition['kind'], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const found = await this.client.list('volumes', 'list its volumes', signal, { type: kind });
    return new Set(found.map((volume) => textAt(volume, 'ID')));
  }

  /** Makes it and answers its id. */
  async create(definition: VolumeDefinition, signal: AbortSignal): Promise<string> {
    const what = `make the volume ${definition.backendId}`;
    if (definition.kind === 'csi') {
      const path = `volume/csi/${encodeURIComponent(definition.backendId)}/create`;
      await this.client.write('PUT', path, what, signal, { body: { Volumes: [csiRequest(definition, this.client)] } });
      return definition.backendId;
    }
    const body = { Volume: hostRequest(definition, this.client) };
    const answer = asObject(await this.client.write('PUT', 'volume/host/create', what, signal, { body }));
    const id = textAt(objectAt(answer, 'Volume'), 'ID');
    if (id !== '') return id;
    throw new KnotError('backend.unavailable', `Nomad did not say the id of the volume ${definition.backendId}.`);
  }

  /** Deletes it with its data; one that is gone already is no error, one in use is `backend.conflict`. */
  async destroy(kind: VolumeDefinition['kind'], id: string, signal: AbortSignal): Promise<void> {
    // Nomad asks a CSI plugin to delete the data before it looks at the claims, so we look first.
    const volume = await this.find(kind, id, signal);
    if (!volume) return;
    if (volume.inUse) {
      throw new KnotError('backend.conflict', `The volume ${volume.name} is in use; what uses it must end first.`);
    }
    const path = `volume/${kind}/${encodeURIComponent(id)}/delete`;
    try {
      await this.client.write('DELETE', path, `delete the volume ${volume.name}`, signal);
    } catch (error) {
      const gone = isKnotError(error, 'backend.unavailable') && /volume not found|no such volume/.test(error.message);
      if (!gone) throw error;
    }
  }
}

function hostVolume(volume: JsonObject): NomadVolume {
  const state = textAt(volume, 'State');
  const message = state === 'unavailable' ? 'The node that has it is not heard of.' : '';
  return {
    id: textAt(volume, 'ID'),
    name: textAt(volume, 'Name'),
    state: state === 'ready' ? 'ready' : 'pending',
    message,
    inUse: listAt(volume, 'Allocations').length > 0,
    createdAt: msOf(numberAt(volume, 'CreateTime')),
  };
}

function csiVolume(volume: JsonObject): NomadVolume {
  const schedulable = flagAt(volume, 'Schedulable');
  const plugin = textAt(volume, 'PluginID');
  return {
    id: textAt(volume, 'ID'),
    name: textAt(volume, 'Name'),
    state: schedulable ? 'ready' : 'pending',
    message: schedulable ? '' : `The CSI plugin ${plugin} is not healthy.`,
    inUse:
      listAt(volume, 'Allocations').length > 0 ||
      ['ReadAllocs', 'WriteAllocs'].some((key) =>
        Object.values(objectAt(volume, key)).some((one) => one !== undefined),
      ),
    createdAt: msOf(numberAt(volume, 'CreateTime')),
  };
}

function shared(definition: VolumeDefinition, { namespace }: NomadClient): JsonObject {
  const { min, max } = definition.capacity;
  return {
    Name: definition.backendId,
    Namespace: namespace,
    PluginID: definition.plugin,
    ...(isObject(definition.parameters) && { Parameters: definition.parameters }),
    RequestedCapabilities: definition.capabilities.map(({ accessMode, attachmentMode }) => ({
      AccessMode: accessMode,
      AttachmentMode: attachmentMode,
    })),
    ...{ [definition.kind === 'csi' ? 'RequestedCapacityMin' : 'RequestedCapacityMinBytes']: min },
    ...{ [definition.kind === 'csi' ? 'RequestedCapacityMax' : 'RequestedCapacityMaxBytes']: max },
  };
}

function hostRequest(definition: VolumeDefinition, client: NomadClient): JsonObject {
  const pool = definition.nodePool === '' ? {} : { NodePool: definition.nodePool };
  return { ...shared(definition, client), ...pool };
}

function csiRequest(definition: VolumeDefinition, client: NomadClient): JsonObject {
  const { mountOptions: options } = definition;
  return {
    ...shared(definition, client),
    ID: definition.backendId,
    Secrets: definition.secrets,
    ...(options && { MountOptions: { FSType: options.fsType, MountFlags: options.flags } }),
  };
}
