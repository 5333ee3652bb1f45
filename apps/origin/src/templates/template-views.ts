import { may } from '@knot/domain';
import type { Store } from '@knot/shared/store';
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

export class TemplateViews {
  constructor(
    private readonly store: Store,
    private readonly clock: { now(): number },
  ) {}

  async list({ limit = 50, cursor, q, platform }: TemplateQueryDto): Promise<TemplatePageDto> {
    const request = { where: { platform }, search: q, sort: { field: 'name' } as const, limit, after: cursor };
    const { rows, next } = await this.store.page('template', request);
    const counts = await Promise.all(rows.map(({ id }) => this.store.count('space', { templateId: id })));
    return { items: rows.map((row, index) => templateDto(row, counts[index] ?? 0)), next };
  }

  async get(call: Call, id: string): Promise<TemplateDetailDto> {
    const row = found(await this.store.get('template', id), 'template');
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
}
