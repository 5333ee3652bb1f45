import type { Store } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import { versionDetail, versionId } from './template-dtos.js';
import type { TemplateVersionDetailDto } from './template.dto.js';

/** Approves versions that somebody wrote who may not approve: only then protected variables are given to them. */
export class Approvals {
  constructor(
    private readonly store: Store,
    private readonly deeds: Deeds,
  ) {}

  async approve(call: Call, id: string, number: number): Promise<TemplateVersionDetailDto> {
    return this.deeds.do(doerOf(call), async () => {
      const { version, ...row } = found(
        await this.store.get('templateVersion', versionId(id, number)),
        'template version',
      );
      const approvedBy = row.approvedBy || call.actor.username;
      const details = { number, author: row.author };
      return {
        expect: [{ kind: 'templateVersion', id: row.id, version }],
        writes: [{ put: 'templateVersion', row: { ...row, approvedBy } }],
        log: [{ stream: 'events', kind: 'template', id, op: 'put' }],
        audit: { action: 'template.approve', subjectKind: 'template', subjectId: id, details },
        answer: versionDetail({ ...row, approvedBy, version: version + 1 }),
      };
    });
  }
}
