import { operationOutcome, type ObservedSpace, type Want } from '@knot/domain';
import type { NewRow } from '@knot/shared/store';
import type { OperationDto } from './operation.dto.js';

/** What each kind of operation asks for. */
const WANTS: Readonly<Record<string, Want>> = {
  'space.start': 'running',
  'space.stop': 'stopped',
  'space.transfer': 'stopped',
  'space.restart': 'running',
  'space.update': 'running',
  'space.delete': 'deleted',
  'orphan.remove': 'deleted',
  'volume.delete': 'deleted',
};

export interface SubjectState {
  readonly desired: { readonly generation: number; readonly want: Want } | null;
  readonly observed: ObservedSpace | null;
}

export function wantOf(kind: string): Want {
  return WANTS[kind] ?? 'stopped';
}

export function operationDto(row: NewRow<'operation'>, want: Want, { desired, observed }: SubjectState): OperationDto {
  const { id, kind, subjectKind, subjectId, generation, actorId, createdAt } = row;
  const { state, message } = operationOutcome({ generation, want, desired, observed });
  return { id, kind, subjectKind, subjectId, generation, state, message, actorId, createdAt };
}
