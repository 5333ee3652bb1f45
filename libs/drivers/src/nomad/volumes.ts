import type { Mark, ObservedVolume, VolumeRef } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { DriverClock } from '../clock.js';
import type { MarkedObject, WorkloadSpec } from '../driver.js';
import type { NomadVolume, VolumeApi } from './volume-api.js';
import type { VolumeDefinition } from './volume-definition.js';
import type { VolumeEntry, VolumeRecord, VolumeRecords } from './volume-record.js';

/** The volumes of this location's spaces. */
export class Volumes {
  constructor(
    private readonly api: VolumeApi,
    private readonly records: VolumeRecords,
    private readonly clock: DriverClock,
  ) {}

  async look(mark: Mark, refs: readonly VolumeRef[], signal: AbortSignal): Promise<readonly ObservedVolume[]> {
    if (refs.length === 0) return [];
    const remembered = await this.lookWith(await this.records.recall(mark.space, signal), refs, signal);
    if (remembered.every(({ state }) => state !== 'missing')) return remembered;
    return this.lookWith(await this.records.read(mark.space, signal), refs, signal);
  }

  /** Writes down what it is going to make, makes it, writes down what Nomad calls it. */
  async create(
    spec: WorkloadSpec,
    definitions: readonly VolumeDefinition[],
    signal: AbortSignal,
  ): Promise<readonly ObservedVolume[]> {
    const { mark } = spec;
    let record = await this.records.read(mark.space, signal);
    const seen = await this.lookWith(record, definitions, signal);
    const missing = definitions.filter((_, n) => seen[n]?.state === 'missing');
    if (missing.length === 0) return seen;
    const unknown = missing.filter(({ backendId }) => !record.entries.has(backendId));
    for (const definition of unknown) await this.refuseForeign(definition, signal);
    record = await this.note(spec, record, unknown, signal);
    const ids = new Map<string, string>();
    try {
      for (const definition of missing) ids.set(definition.backendId, await this.api.create(definition, signal));
    } finally {
      await this.learn(mark, record, ids, signal);
    }
    return this.look(mark, definitions, signal);
  }

  async destroy(mark: Mark, refs: readonly VolumeRef[], signal: AbortSignal): Promise<void> {
    const record = await this.records.read(mark.space, signal);
    const entries = new Map(record.entries);
    try {
      for (const { backendId } of refs) {
        const entry = entries.get(backendId);
        if (!entry) continue;
        const found = await this.find(backendId, entry, signal);
        if (found) await this.api.destroy(entry.kind, found.id, signal);
        entries.delete(backendId);
      }
    } finally {
      if (entries.size < record.entries.size) await this.records.write(mark.space, { ...record, entries }, signal);
    }
  }

  /** Those of one space alone where one is named. */
  async list(signal: AbortSignal, one?: string): Promise<readonly MarkedObject[]> {
    const records =
      one === undefined ? await this.records.all(signal) : new Map([[one, await this.records.read(one, signal)]]);
    if ([...records.values()].every(({ entries }) => entries.size === 0)) return [];
    const ids = { csi: await this.api.idsOf('csi', signal), host: await this.api.idsOf('host', signal) };
    const objects: MarkedObject[] = [];
    for (const [space, record] of records) {
      for (const [backendId, entry] of record.entries) {
        const there = entry.id === '' ? await this.find(backendId, entry, signal) : ids[entry.kind].has(entry.id);
        if (!there) continue;
        objects.push({ space, kind: 'volume', backendId, owner: entry.owner, name: entry.space, createdAt: entry.at });
      }
    }
    return objects;
  }

  private lookWith(
    record: VolumeRecord,
    refs: readonly VolumeRef[],
    signal: AbortSignal,
  ): Promise<readonly ObservedVolume[]> {
    return Promise.all(
      refs.map(async ({ name, backendId }) => {
        const entry = record.entries.get(backendId);
        const found = entry ? await this.find(backendId, entry, signal) : null;
        return { name, backendId, state: found?.state ?? 'missing', message: found?.message ?? '' };
      }),
    );
  }

  /** By Nomad's id, or, where a crash came before it was learnt, the one of that name made after the intent. */
  private async find(backendId: string, entry: VolumeEntry, signal: AbortSignal): Promise<NomadVolume | null> {
    if (entry.id !== '') return this.api.find(entry.kind, entry.id, signal);
    const found = await this.api.hostVolumesNamed(backendId, signal);
    const [only] = found;
    if (found.length > 1) throw foreign(backendId);
    return only ? this.api.find('host', only.id, signal) : null;
  }

  private async refuseForeign({ kind, backendId }: VolumeDefinition, signal: AbortSignal): Promise<void> {
    const taken =
      kind === 'csi'
        ? (await this.api.find('csi', backendId, signal)) !== null
        : (await this.api.hostVolumesNamed(backendId, signal)).length > 0;
    if (taken) throw foreign(backendId);
  }

  private async note(
    { mark, display }: WorkloadSpec,
    record: VolumeRecord,
    definitions: readonly VolumeDefinition[],
    signal: AbortSignal,
  ): Promise<VolumeRecord> {
    if (definitions.length === 0) return record;
    const entries = new Map(record.entries);
    for (const { kind, name, backendId } of definitions) {
      const id = kind === 'csi' ? backendId : '';
      entries.set(backendId, { kind, id, name, owner: display.owner, space: display.space, at: this.clock.now() });
    }
    return this.records.write(mark.space, { ...record, entries }, signal);
  }

  private async learn(
    { space }: Mark,
    record: VolumeRecord,
    ids: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ): Promise<void> {
    const entries = new Map(record.entries);
    let learnt = false;
    for (const [backendId, entry] of record.entries) {
      const id = ids.get(backendId) ?? entry.id;
      learnt ||= id !== entry.id;
      entries.set(backendId, { ...entry, id });
    }
    if (learnt) await this.records.write(space, { ...record, entries }, signal);
  }
}

function foreign(name: string): KnotError {
  return new KnotError(
    'backend.foreign',
    `There is a volume ${name} that this location did not make.`,
    'It is left alone. Rename it, or the volume in the template.',
    { name },
  );
}
