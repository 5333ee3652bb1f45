import { may, maySeeTemplate } from '@knot/domain';
import type { Store, TemplateRow } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import type { Call } from '../http/call.js';
import type { PageQueryDto } from '../http/page.dto.js';
import { templateDetail, templateDto, versionDetail, versionDto, versionId } from './template-dtos.js';
import type {
  TemplateDetailDto,
  TemplatePageDto,
  TemplateQueryDto,
  TemplateVersionDetailDto,
  TemplateVersionPageDto,
} from './template.dto.js';
import { versionDiff } from './version-diff.js';
import type { TemplateVersionDiffDto } from './version-diff.dto.js';

export class TemplateViews {
  constructor(
    private readonly store: Store,
    private readonly clock: { now(): number },
  ) {}

  async list(call: Call, query: TemplateQueryDto): Promise<TemplatePageDto> {
    const { rows, next } = await this.visible(call, query);
    const counts = await Promise.all(rows.map(({ id }) => this.store.count('space', { templateId: id })));
    return { items: rows.map((row, index) => templateDto(row, counts[index] ?? 0)), next };
  }

  /** Pages through templates until enough of them are open to the asker. */
  private async visible(
    { actor }: Call,
    { limit = 50, cursor, q, platform }: TemplateQueryDto,
  ): Promise<{ readonly rows: readonly TemplateRow[]; readonly next: string | null }> {
    const request = { where: { platform }, search: q, sort: { field: 'name' } as const };
    const rows: TemplateRow[] = [];
    for (let after = cursor; ;) {
      // no more rows than the page still lacks, so that its cursor stands right behind its last row
      const page = await this.store.page('template', { ...request, limit: limit - rows.length, after });
      rows.push(...page.rows.filter((row) => maySeeTemplate(actor, row)));
      if (page.next === null || rows.length >= limit) return { rows, next: page.next };
      after = page.next;
    }
  }

  async get(call: Call, id: string): Promise<TemplateDetailDto> {
    const known = await this.store.get('template', id);
    const row = found(known && maySeeTemplate(call.actor, known) ? known : null, 'template');
    const [version, spaces] = await Promise.all([
      this.store.get('templateVersion', versionId(id, row.present)),
      this.store.count('space', { templateId: id }),
    ]);
    const withTexts = may(call.actor, 'template.text', this.clock.now()).granted;
    return templateDetail(row, found(version, 'template version'), spaces, withTexts);
  }

  async versions(id: string, { limit = 50, cursor }: PageQueryDto): Promise<TemplateVersionPageDto> {
    found(await this.store.get('template', id), 'template');
    const sort = { field: 'number', descending: true } as const;
    const { rows, next } = await this.store.page('templateVersion', {
      where: { templateId: id },
      sort,
      limit,
      after: cursor,
    });
    return { items: rows.map(versionDto), next };
  }

  async version(id: string, number: number): Promise<TemplateVersionDetailDto> {
    return versionDetail(found(await this.store.get('templateVersion', versionId(id, number)), 'template version'));
  }

  async diff(id: string, from: number, to: number): Promise<TemplateVersionDiffDto> {
    const [before, after] = await Promise.all(
      [from, to].map((number) => this.store.get('templateVersion', versionId(id, number))),
    );
    return versionDiff(found(before ?? null, 'template version'), found(after ?? null, 'template version'));
  }
}
