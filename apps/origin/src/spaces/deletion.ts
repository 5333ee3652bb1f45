import { decideWish } from '@knot/domain';
import type { SpaceRow } from '@knot/shared/store';
import type { Deed } from '../deeds/deed.js';
import { release, spaceName } from '../deeds/unique-name.js';
import { operationDto } from '../operations/operation-dto.js';
import type { OperationDto } from '../operations/operation.dto.js';
import { operationRow, spaceLog, wishWrites, type Wishing } from './wish-writes.js';

/** The deletion of a space that was allowed and confirmed; null where it was asked for before. */
export function deletionOf(space: SpaceRow, wishing: Wishing): Deed<OperationDto> | null {
  const { want, snapshotHash } = space;
  const decision = decideWish('delete', { want, everStarted: snapshotHash !== '', updateAvailable: false });
  if (decision.do === 'nothing') return null;
  return decision.do === 'drop' ? drop(space, wishing) : deletionWish(space, wishing);
}

/** A space that was never started exists nowhere else: its row goes at once. */
export function drop(space: SpaceRow, wishing: Wishing): Deed<OperationDto> {
  const { id, location, version } = space;
  const operation = operationRow(id, space.generation + 1, wishing);
  return {
    expect: [{ kind: 'space', id, version }],
    unique: [release(spaceName(space), id)],
    writes: [
      { delete: 'space', id },
      { delete: 'spaceObserved', id },
      { put: 'operation', row: operation },
    ],
    log: spaceLog(location, id, 'delete'),
    audit: auditOf(space, wishing),
    answer: operationDto(operation, 'deleted', { desired: null, observed: null }),
  };
}

/** The leaf takes everything of it away; its row goes with the leaf's last word. */
function deletionWish(space: SpaceRow, wishing: Wishing): Deed<OperationDto> {
  const { row, operation, ...part } = wishWrites(space, { want: 'deleted', deletionRequestedAt: wishing.at }, wishing);
  const answer = operationDto(operation, 'deleted', { desired: row, observed: null });
  return { ...part, audit: auditOf(space, wishing), answer };
}

export function auditOf({ id, name, location }: SpaceRow, { kind }: Wishing): Deed<unknown>['audit'] {
  return { action: kind, subjectKind: 'space', subjectId: id, location, details: { name } };
}
