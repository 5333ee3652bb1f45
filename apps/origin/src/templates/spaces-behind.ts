import type { Clock } from '@knot/shared';
import type { SpaceRow, Store, TemplateRow } from '@knot/shared/store';
import { wantNow } from '../spaces/schedule-rules.js';
import type { SpaceBehindDto } from './roll-out-choice.dto.js';

/** Rows that one page of those behind looks at. */
const MOST_SCANNED = 2_000;
const SCAN = 200;

/** The spaces that were started with another version of their template than one looks at. */
export class SpacesBehind {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** By name; a page may hold fewer than asked for and still have a next one. */
  async page(
    template: TemplateRow,
    { limit, cursor, location }: { readonly limit: number; readonly cursor?: string; readonly location?: string },
  ): Promise<{ readonly rows: readonly SpaceRow[]; readonly next: string | null }> {
    const where = { templateId: template.id, location };
    const rows: SpaceRow[] = [];
    let next = cursor ?? null;
    for (let scanned = 0; scanned < MOST_SCANNED;) {
      // no more rows than the page still lacks, so that its cursor stands right behind its last row
      const lacks = Math.min(SCAN, limit - rows.length);
      const page = await this.store.page('space', { where, sort: BY_NAME, limit: lacks, after: next ?? undefined });
      rows.push(...page.rows.filter((row) => isBehind(row, template)));
      scanned += page.rows.length;
      next = page.next;
      if (next === null || rows.length >= limit) break;
    }
    return { rows, next };
  }

  /** All that are to run now, of one location or of all. */
  async running(template: TemplateRow, location: string | undefined): Promise<readonly SpaceRow[]> {
    const where = { templateId: template.id, location, want: 'running' };
    const rows: SpaceRow[] = [];
    for (let after: string | undefined; ;) {
      const page = await this.store.page('space', { where, sort: BY_NAME, limit: SCAN, after });
      rows.push(...page.rows);
      if (page.next === null) break;
      after = page.next;
    }
    const now = this.clock.now();
    return rows.filter((row) => isBehind(row, template) && wantNow(row, now) === 'running');
  }

  async described(rows: readonly SpaceRow[]): Promise<SpaceBehindDto[]> {
    const owners = await this.store.getMany('user', [...new Set(rows.map(({ ownerId }) => ownerId))]);
    const names = new Map(owners.map(({ id, username }) => [id, username]));
    const now = this.clock.now();
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      owner: { id: row.ownerId, username: names.get(row.ownerId) ?? '' },
      location: row.location,
      templateVersion: row.templateVersion,
      running: wantNow(row, now) === 'running',
    }));
  }
}

const BY_NAME = { field: 'name' } as const;

/** What was never started has no version, and what is being deleted gets none. */
function isBehind({ templateVersion, want }: SpaceRow, { present }: TemplateRow): boolean {
  return templateVersion !== 0 && templateVersion !== present && want !== 'deleted';
}
