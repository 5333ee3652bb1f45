import { may } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { OperationRow, Store, VolumeRow } from '@knot/shared/store';
import { assertMay, found } from '../deeds/check.js';
import type { Call } from '../http/call.js';
import { operationDto, wantOf, type SubjectState } from './operation-dto.js';
import type { OperationDto, OperationPageDto, OperationQueryDto } from './operation.dto.js';

/** Accepted wishes and how far they have come. */
export class Operations {
  constructor(
    private readonly store: Store,
    private readonly clock: { now(): number },
  ) {}

  async list(call: Call, { limit = 50, cursor, subject }: OperationQueryDto): Promise<OperationPageDto> {
    if (subject === undefined && !this.seesAll(call)) {
      const hint = 'Add ?subject= with the id of one of your spaces.';
      throw new KnotError('input.invalid', 'Only administrators list the operations of everybody.', hint);
    }
    if (subject !== undefined) await this.assertSees(call, subject);
    const request = { where: { subjectId: subject }, sort: { field: 'createdAt', descending: true } as const };
    const { rows, next } = await this.store.page('operation', { ...request, limit, after: cursor });
    return { items: await this.describe(rows), next };
  }

  async get(call: Call, id: string): Promise<OperationDto> {
    const row = found(await this.store.get('operation', id), 'operation');
    if (row.actorId !== call.actor.id) await this.assertSees(call, row.subjectId);
    const [dto] = await this.describe([row]);
    return found(dto ?? null, 'operation');
  }

  /** The latest wish of a subject. */
  async latest(subjectId: string): Promise<OperationDto | null> {
    const sort = { field: 'createdAt', descending: true } as const;
    const { rows } = await this.store.page('operation', { where: { subjectId }, sort, limit: 1 });
    const [dto] = await this.describe(rows);
    return dto ?? null;
  }

  private async describe(rows: readonly OperationRow[]): Promise<OperationDto[]> {
    const ids = [...new Set(rows.map(({ subjectId }) => subjectId))];
    const [spaces, volumes, observed] = await Promise.all([
      this.store.getMany('space', ids),
      this.store.getMany('volume', ids),
      this.store.getMany('spaceObserved', ids),
    ]);
    return rows.map((row) => {
      const mine = <T extends { readonly id: string }>(all: readonly T[]) => all.find(({ id }) => id === row.subjectId);
      const volume = mine(volumes);
      const state: SubjectState = {
        desired: mine(spaces) ?? (volume ? volumeState(volume) : null),
        observed: mine(observed)?.observed ?? null,
      };
      return operationDto(row, wantOf(row.kind), state);
    });
  }

  private seesAll(call: Call): boolean {
    return may(call.actor, 'space.of-others', this.clock.now()).granted;
  }

  private async assertSees(call: Call, subjectId: string): Promise<void> {
    if (this.seesAll(call)) return;
    assertMay(call, 'space.read', this.clock.now(), found(await this.store.get('space', subjectId), 'operation'));
  }
}

function volumeState({ generation, want }: VolumeRow): SubjectState['desired'] {
  return { generation, want: want === 'deleted' ? 'deleted' : want === 'present' ? 'running' : 'stopped' };
}
