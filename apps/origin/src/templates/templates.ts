import { approvedBySaving } from '@knot/domain';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { Expectation, NewRow, Store, TemplateRow, TemplateVersionRow } from '@knot/shared/store';
import { assertConfirmed, assertVersion, found } from '../deeds/check.js';
import type { Deed } from '../deeds/deed.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import { claim, move, release, templateName } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import type { TemplateRollBackDto } from './roll-back.dto.js';
import { templateDetail, versionId } from './template-dtos.js';
import { FOR_ALL, scopeOf } from './template-scope.js';
import { assertParses, assertStartable } from './template-text.js';
import type {
  TemplateCreateDto,
  TemplateDetailDto,
  TemplatePutDto,
  TemplateScopeDto,
  TemplateTextDto,
} from './template.dto.js';

export interface TemplatesPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** Saves templates. A version never changes once written; what runs is not touched by any of this. */
export class Templates {
  constructor(private readonly ports: TemplatesPorts) {}

  async create(call: Call, body: TemplateCreateDto): Promise<TemplateDetailDto> {
    const { deeds, newId, clock } = this.ports;
    const { name, platform, description = '' } = body;
    assertTexts(body);
    return deeds.do(doerOf(call), async () => {
      const id = newId();
      const now = clock.now();
      const row: NewRow<'template'> = {
        id,
        name,
        description,
        platform,
        present: 1,
        ...scopeOf(FOR_ALL, body),
        createdAt: now,
        updatedAt: now,
      };
      const version = versionRow(row, body, call, now);
      return {
        expect: [{ kind: 'template', id, version: 0 }, ...(await this.groupsOf(body))],
        unique: [claim(templateName(row), id)],
        writes: [
          { put: 'template', row },
          { put: 'templateVersion', row: version },
        ],
        log: [{ stream: 'events', kind: 'template', id, op: 'put' }],
        audit: { action: 'template.create', subjectKind: 'template', subjectId: id, details: auditOf(row, version) },
        answer: templateDetail({ ...row, version: 1 }, { ...version, version: 1 }, 0, true),
        taken: `A template ${name} exists already.`,
      };
    });
  }

  async put(call: Call, id: string, body: TemplatePutDto): Promise<TemplateDetailDto> {
    const { store, deeds } = this.ports;
    assertTexts(body);
    return deeds.do(doerOf(call), async () => {
      const row = found(await store.get('template', id), 'template');
      const present = found(await store.get('templateVersion', versionId(id, row.present)), 'template version');
      return this.save(call, row, present, body);
    });
  }

  /** A new version equal to an older one. Where it needs an approval it needs one anew, as if its texts were sent. */
  async rollBack(call: Call, id: string, { number, note }: TemplateRollBackDto): Promise<TemplateDetailDto> {
    const { store, deeds } = this.ports;
    return deeds.do(doerOf(call), async () => {
      const row = found(await store.get('template', id), 'template');
      const present = found(await store.get('templateVersion', versionId(id, row.present)), 'template version');
      const older = found(await store.get('templateVersion', versionId(id, number)), 'template version');
      const { job, volumes, restart } = older;
      const text = { job, volumes, restart, exceptions: [...older.exceptions] };
      if (!textsDiffer(present, text)) {
        const message = `Version ${row.present}, the present one of ${row.name}, is the same as version ${number}.`;
        throw new KnotError('state.refused', message, 'Choose another version.');
      }
      const body = { name: row.name, ...text, note: note ?? `back to version ${number}` };
      return this.save(call, row, present, body, { backTo: number });
    });
  }

  /** A new version where the texts differ from the present one. */
  private async save(
    call: Call,
    row: TemplateRow,
    present: TemplateVersionRow,
    body: TemplatePutDto,
    details: Readonly<Record<string, number>> = {},
  ): Promise<Deed<TemplateDetailDto>> {
    const { store, clock } = this.ports;
    assertVersion(call, row);
    const { version, ...rest } = row;
    const { id } = row;
    const now = clock.now();
    const differs = textsDiffer(present, body);
    const next: NewRow<'template'> = {
      ...rest,
      ...scopeOf(row, body),
      name: body.name,
      description: body.description ?? row.description,
      present: differs ? row.present + 1 : row.present,
      updatedAt: now,
    };
    const fresh = differs ? versionRow(next, body, call, now) : present;
    const told = { ...auditOf(next, fresh), ...details };
    return {
      expect: [{ kind: 'template', id, version }, ...(await this.groupsOf(body))],
      unique: move(templateName(row), templateName(next), id),
      writes: [{ put: 'template', row: next }, ...(differs ? [{ put: 'templateVersion' as const, row: fresh }] : [])],
      log: [{ stream: 'events', kind: 'template', id, op: 'put' }],
      audit: { action: 'template.change', subjectKind: 'template', subjectId: id, details: told },
      answer: templateDetail(
        { ...next, version: version + 1 },
        { ...fresh, version: 1 },
        await store.count('space', { templateId: id }),
        true,
      ),
      taken: `A template ${body.name} exists already.`,
    };
  }

  /** The groups that a body names, so that none goes away in the same moment; throws for one that is not there. */
  private async groupsOf({ groups = [] }: TemplateScopeDto): Promise<Expectation[]> {
    const rows = await this.ports.store.getMany('group', groups);
    if (rows.length === groups.length) return rows.map(({ id, version }) => ({ kind: 'group', id, version }));
    throw new KnotError('input.invalid', 'One of the groups is not there.', 'Use ids that the list of groups shows.');
  }

  async delete(call: Call, id: string, confirm: string | undefined): Promise<void> {
    const { store, deeds } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('template', id), 'template');
      assertVersion(call, row);
      assertConfirmed(confirm, row.name, `This deletes the template ${row.name} with all its versions.`);
      const spaces = await store.count('space', { templateId: id });
      if (spaces > 0) {
        const message = `The template ${row.name} has spaces: ${spaces}.`;
        throw new KnotError('resource.in_use', message, 'Delete them first.', { spaces });
      }
      const versions = Array.from({ length: row.present }, (_, index) => versionId(id, index + 1));
      return {
        expect: [{ kind: 'template', id, version: row.version }],
        unique: [release(templateName(row), id)],
        writes: [
          { delete: 'template', id },
          ...versions.map((version) => ({ delete: 'templateVersion' as const, id: version })),
        ],
        log: [{ stream: 'events', kind: 'template', id, op: 'delete' }],
        audit: { action: 'template.delete', subjectKind: 'template', subjectId: id, details: { name: row.name } },
        answer: undefined,
      };
    });
  }
}

function assertTexts({ job, volumes = '' }: TemplateTextDto): void {
  assertParses('job', job);
  assertParses('volumes', volumes);
  assertStartable(job, volumes);
}

function versionRow(
  template: NewRow<'template'>,
  body: TemplateTextDto,
  call: Call,
  createdAt: number,
): NewRow<'templateVersion'> {
  return {
    id: versionId(template.id, template.present),
    templateId: template.id,
    number: template.present,
    job: body.job,
    volumes: body.volumes ?? '',
    restart: body.restart ?? 'always',
    exceptions: [...(body.exceptions ?? [])].sort(),
    author: call.actor.username,
    approvedBy: approvedBySaving(call.actor, createdAt),
    note: body.note ?? '',
    createdAt,
  };
}

/** Whether a save makes a new version: only what a space runs from counts. */
function textsDiffer(present: TemplateVersionRow, body: TemplateTextDto): boolean {
  const exceptions = [...(body.exceptions ?? [])].sort();
  return (
    present.job !== body.job ||
    present.volumes !== (body.volumes ?? '') ||
    present.restart !== (body.restart ?? 'always') ||
    present.exceptions.join('\n') !== exceptions.join('\n')
  );
}

function auditOf(row: NewRow<'template'>, { exceptions }: NewRow<'templateVersion'>) {
  const { name, present } = row;
  return { name, present, exceptions, ...scopeOf(row, {}) };
}
