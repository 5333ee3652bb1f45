import type { AuditRow, Store } from '@knot/shared/store';
import type { AuditEntryDto, AuditPageDto, AuditQueryDto } from './audit.dto.js';

export class AuditTrail {
  constructor(private readonly store: Store) {}

  async list({ limit = 50, cursor, actor, action, subject }: AuditQueryDto): Promise<AuditPageDto> {
    const where = { actor, action, subjectId: subject };
    const sort = { field: 'at', descending: true } as const;
    const { rows, next } = await this.store.page('audit', { where, sort, limit, after: cursor });
    return { items: rows.map(entryDto), next };
  }
}

function entryDto({
  id,
  at,
  actor,
  action,
  subjectKind,
  subjectId,
  location,
  address,
  outcome,
  details,
  seal,
}: AuditRow): AuditEntryDto {
  return { id, at, actor, action, subjectKind, subjectId, location, address, outcome, details: { ...details }, seal };
}
