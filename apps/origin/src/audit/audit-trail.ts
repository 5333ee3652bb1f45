import { encodeCursor, type AuditRow, type Store } from '@knot/shared/store';
import type { AuditEntryDto, AuditFilterDto, AuditPageDto, AuditQueryDto } from './audit.dto.js';

/** Entries that are read at once where most may not fit, or for an export. */
const CHUNK = 500;
/** After so many chunks a page is handed out as it is, so that none takes long. */
const MOST_CHUNKS = 40;
/** The newest first. */
const ORDER = { field: 'at', descending: true } as const;

export class AuditTrail {
  constructor(private readonly store: Store) {}

  async list({ limit = 50, cursor, ...filter }: AuditQueryDto): Promise<AuditPageDto> {
    const found: AuditRow[] = [];
    let after = cursor ?? beginning(filter);
    for (let chunk = 1; chunk <= MOST_CHUNKS; chunk += 1) {
      const { rows, next } = await this.read(filter, after, filter.outcome ? CHUNK : limit + 1);
      found.push(...rows);
      if (found.length > limit) return pageOf(found.slice(0, limit));
      if (next === null) return { items: found.map(entryDto), next: null };
      after = next;
    }
    return { items: found.map(entryDto), next: after ?? null };
  }

  /** Every entry that fits, in bunches as they are read; only one bunch is in memory at a time. */
  async *everything(filter: AuditFilterDto): AsyncGenerator<readonly AuditEntryDto[]> {
    for (let after: string | undefined | null = beginning(filter); after !== null;) {
      const read: AuditChunk = await this.read(filter, after, CHUNK);
      yield read.rows.map(entryDto);
      after = read.next;
    }
  }

  private async read(filter: AuditFilterDto, after: string | undefined, limit: number): Promise<AuditChunk> {
    const { actor, action, subject, outcome, since = 0 } = filter;
    const where = { actor, action, subjectId: subject };
    const { rows, next } = await this.store.page('audit', { where, sort: ORDER, limit, after });
    const inTime = rows.filter(({ at }) => at >= since);
    const fitting = outcome ? inTime.filter((row) => row.outcome === outcome) : inTime;
    return { rows: fitting, next: inTime.length < rows.length ? null : next };
  }
}

interface AuditChunk {
  readonly rows: readonly AuditRow[];
  /** Null once nothing further can fit. */
  readonly next: string | null;
}

function beginning({ until }: AuditFilterDto): string | undefined {
  return until === undefined ? undefined : encodeCursor(ORDER, until, '');
}

function pageOf(rows: readonly AuditRow[]): AuditPageDto {
  const last = rows.at(-1);
  return { items: rows.map(entryDto), next: last ? encodeCursor(ORDER, last.at, last.id) : null };
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
