import type { Schedule } from '@knot/domain';
import type { TemplateRow, TemplateVersionRow } from '@knot/shared/store';
import type { ScheduleDto } from './schedule.dto.js';
import { variablesUsed } from './template-text.js';
import type { TemplateDetailDto, TemplateDto, TemplateVersionDetailDto, TemplateVersionDto } from './template.dto.js';

export function versionId(templateId: string, number: number): string {
  return `${templateId}:${number}`;
}

function scheduleDto(schedule: Schedule | null): ScheduleDto | null {
  if (!schedule) return null;
  const windows = schedule.windows.map(({ days, from, to }) => ({ days: [...days], from, to }));
  return { ...schedule, windows, holidays: [...schedule.holidays] };
}

export function templateDto(row: TemplateRow, spaces: number): TemplateDto {
  const { groups, locations, schedule, ports } = row;
  return {
    ...{ ...row, groups: [...groups], locations: [...locations] },
    schedule: scheduleDto(schedule),
    ports: ports.map((port) => ({ ...port })),
    spaces,
  };
}

/** `withTexts` for administrators: a job text may hold what users are not to read. */
export function templateDetail(
  row: TemplateRow,
  present: TemplateVersionRow,
  spaces: number,
  withTexts: boolean,
): TemplateDetailDto {
  const { job, volumes, restart, exceptions } = present;
  const variables = [...new Set(variablesUsed(job, volumes).uses.map(({ name }) => name))].sort();
  const texts = withTexts ? { job, volumes } : {};
  return { ...templateDto(row, spaces), ...texts, restart, exceptions: [...exceptions], variables };
}

export function versionDto({
  templateId,
  number,
  author,
  approvedBy,
  note,
  restart,
  exceptions,
  createdAt,
}: TemplateVersionRow): TemplateVersionDto {
  return { templateId, number, author, approvedBy, note, restart, exceptions: [...exceptions], createdAt };
}

export function versionDetail(row: TemplateVersionRow): TemplateVersionDetailDto {
  return { ...versionDto(row), job: row.job, volumes: row.volumes };
}
