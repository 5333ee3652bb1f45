import { KnotError } from '@knot/shared/errors';
import type { Clock } from '@knot/shared';
import type { Commit, NewRow, Store, VolumeRow, VolumeObservedRow } from '@knot/shared/store';
import { assertConfirmed, assertVersion, found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import { claim, release, volumeName } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import type { OperationDto } from '../operations/operation.dto.js';
import { assertParses } from '../templates/template-text.js';
import type { VolumeChangeDto, VolumeCreateDto, VolumeDto, VolumePageDto, VolumeQueryDto } from './volume.dto.js';

export interface VolumesPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** Standalone volumes: defined here, made and destroyed by the leaf of their location. */
export class Volumes {
  constructor(private readonly ports: VolumesPorts) {}

  async list({ limit = 50, cursor, q, location }: VolumeQueryDto): Promise<VolumePageDto> {
    const { store } = this.ports;
    const request = { where: { location }, search: q, sort: { field: 'name' } as const, limit, after: cursor };
    const { rows, next } = await store.page('volume', request);
    const observed = await store.getMany(
      'volumeObserved',
      rows.map(({ id }) => id),
    );
    return { items: rows.map((row) => volumeDto(row, observed.find(({ id }) => id === row.id) ?? null)), next };
  }

  async get(id: string): Promise<VolumeDto> {
    const { store } = this.ports;
    const [row, observed] = await Promise.all([store.get('volume', id), store.get('volumeObserved', id)]);
    return volumeDto(found(row, 'volume'), observed);
  }

  async create(call: Call, { name, platform, location, definition }: VolumeCreateDto): Promise<VolumeDto> {
    const { store, deeds, newId, clock } = this.ports;
    assertParses('definition', definition);
    return deeds.do(doerOf(call), async () => {
      if ((await store.get('location', location)) === null) {
        throw new KnotError('resource.not_found', `There is no location ${location}.`, 'See knot locations list.');
      }
      const id = newId();
      const createdAt = clock.now();
      const row: NewRow<'volume'> = {
        id,
        name,
        platform,
        location,
        definition,
        want: 'absent',
        generation: 1,
        createdAt,
      };
      return {
        expect: [{ kind: 'volume', id, version: 0 }],
        unique: [claim(volumeName(row), id)],
        writes: [{ put: 'volume', row }],
        log: volumeLog(row, 'put'),
        audit: { action: 'volume.create', subjectKind: 'volume', subjectId: id, location, details: { name } },
        answer: volumeDto({ ...row, version: 1 }, null),
        taken: `A volume ${name} exists already.`,
      };
    });
  }

  async change(call: Call, id: string, body: VolumeChangeDto): Promise<VolumeDto> {
    const { store, deeds } = this.ports;
    if (body.definition !== undefined) assertParses('definition', body.definition);
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('volume', id), 'volume');
      assertVersion(call, row);
      const { version, ...rest } = row;
      const want = body.want ?? row.want;
      this.assertChange(row, body, await store.get('volumeObserved', id));
      const next = { ...rest, want, definition: body.definition ?? row.definition, generation: row.generation + 1 };
      return {
        expect: [{ kind: 'volume', id, version }],
        writes: [{ put: 'volume', row: next }],
        log: volumeLog(next, 'put'),
        audit: {
          action: 'volume.change',
          subjectKind: 'volume',
          subjectId: id,
          location: row.location,
          details: { want },
        },
        answer: null,
      };
    });
    return this.get(id);
  }

  async delete(call: Call, id: string, confirm: string | undefined): Promise<OperationDto> {
    const { store, deeds, newId, clock } = this.ports;
    return deeds.do(doerOf(call), async () => {
      const row = found(await store.get('volume', id), 'volume');
      assertVersion(call, row);
      assertConfirmed(confirm, row.name, `This deletes the volume ${row.name} with its data.`);
      const { version, ...rest } = row;
      const neverWanted = row.generation === 1 && row.want === 'absent';
      const generation = row.generation + 1;
      const { location } = row;
      const operation = {
        id: newId(),
        kind: 'volume.delete',
        subjectKind: 'volume',
        subjectId: id,
        generation,
        actorId: call.actor.id,
        createdAt: clock.now(),
      };
      return {
        expect: [{ kind: 'volume', id, version }],
        unique: neverWanted ? [release(volumeName(row), id)] : [],
        writes: [
          neverWanted ? { delete: 'volume', id } : { put: 'volume', row: { ...rest, want: 'deleted', generation } },
          { put: 'operation', row: operation },
        ],
        log: volumeLog(row, neverWanted ? 'delete' : 'put'),
        audit: { action: 'volume.delete', subjectKind: 'volume', subjectId: id, location, details: { name: row.name } },
        answer: { ...operation, state: neverWanted ? 'succeeded' : 'pending', message: '' },
      };
    });
  }

  private assertChange(row: VolumeRow, body: VolumeChangeDto, observed: VolumeObservedRow | null): void {
    if (row.want === 'deleted')
      throw new KnotError('state.refused', 'The volume is being deleted.', 'Wait until it is gone.');
    const gone =
      observed === null
        ? row.generation === 1
        : observed.observedGeneration === row.generation && ABSENT.has(observed.state);
    if (body.definition !== undefined && (row.want === 'present' || !gone)) {
      throw new KnotError(
        'state.refused',
        'The definition of a volume that exists stays as it is.',
        'Set want to absent first; that destroys its data.',
      );
    }
    if (body.want === 'absent' && row.want === 'present') {
      assertConfirmed(body.confirm, row.name, `This destroys the data of the volume ${row.name}.`);
    }
  }
}

/** What a leaf says of a volume that does not exist. */
const ABSENT: ReadonlySet<string> = new Set(['missing', 'absent']);

function volumeLog(
  { id, location }: { id: string; location: string },
  op: 'put' | 'delete',
): NonNullable<Commit['log']> {
  return [
    { stream: `location:${location}`, kind: 'volume', id, op },
    { stream: 'events', kind: 'volume', id, op },
  ];
}

export function volumeDto(row: VolumeRow, observed: VolumeObservedRow | null): VolumeDto {
  const { id, name, platform, location, definition, want, generation, createdAt, version } = row;
  const conditions = observed?.conditions.map((condition) => ({ ...condition })) ?? [];
  const seen = { state: observed?.state ?? '', conditions, asOf: observed?.reportedAt ?? 0 };
  return { id, name, platform, location, definition, want, generation, ...seen, createdAt, version };
}
