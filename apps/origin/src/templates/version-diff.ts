import type { TemplateVersionRow } from '@knot/shared/store';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { TemplateVersionDiffDto } from './version-diff.dto.js';

/** Lines that come or go until a text counts as replaced: the effort grows with their square. */
const MOST_CHANGED = 1_000;

type Version = Pick<TemplateVersionRow, 'templateId' | 'number' | 'job' | 'volumes' | 'restart' | 'exceptions'>;

/** What differs from one version to another. The texts name variables and hold none of their values. */
export function versionDiff(before: Version, after: Version): TemplateVersionDiffDto {
  const { restart } = before;
  const [had, has] = [new Set(before.exceptions), new Set(after.exceptions)];
  return {
    templateId: after.templateId,
    from: before.number,
    to: after.number,
    job: unifiedDiff('job', before, after),
    volumes: unifiedDiff('volumes', before, after),
    restart: restart === after.restart ? null : { from: restart, to: after.restart },
    exceptionsAdded: after.exceptions.filter((name) => !had.has(name)),
    exceptionsRemoved: before.exceptions.filter((name) => !has.has(name)),
  };
}

function unifiedDiff(text: 'job' | 'volumes', before: Version, after: Version): string {
  const [old, fresh] = [before[text], after[text]];
  if (old === fresh) return '';
  const [oldName, freshName] = [before, after].map(({ number }) => `${text}, version ${number}`);
  const options = { context: 3, maxEditLength: MOST_CHANGED, headerOptions: FILE_HEADERS_ONLY };
  const patch = createTwoFilesPatch(`${oldName}`, `${freshName}`, old, fresh, undefined, undefined, options);
  return patch ?? `--- ${oldName}\n+++ ${freshName}\n${replaced(old, fresh)}`;
}

/** All of one text away, all of the other in its place. */
function replaced(old: string, fresh: string): string {
  const [gone, come] = [linesOf(old), linesOf(fresh)];
  const lines = [...gone.map((line) => `-${line}\n`), ...come.map((line) => `+${line}\n`)];
  return `@@ -${rangeOf(gone)} +${rangeOf(come)} @@\n${lines.join('')}`;
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function rangeOf({ length }: readonly string[]): string {
  return length === 0 ? '0,0' : `1,${length}`;
}
