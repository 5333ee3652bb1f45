import { templatePortText } from '@knot/domain';
import type { Template, TemplateDetail } from '../api/schemas.js';
import type { components } from '@knot/contract';
import type { CommandContext } from '../command-context.js';
import { printFacts, printTable } from '../output.js';
import { ago } from '../times.js';

type Printing = Pick<CommandContext, 'stdout' | 'clock'>;
type TemplateVersion = components['schemas']['TemplateVersion'];

/** The texts of the template itself or of one of its versions. */
interface Texts {
  readonly number?: number;
  readonly note?: string;
  readonly restart: string;
  readonly exceptions: readonly string[];
  readonly job?: string;
  readonly volumes?: string;
}

export function printTemplates({ stdout, clock }: Printing, templates: readonly Template[]): void {
  const rows = templates.map(({ name, platform, present, spaces, updatedAt, description }) => [
    name,
    platform,
    String(present),
    String(spaces),
    ago(updatedAt, clock.now()),
    description,
  ]);
  printTable(stdout, ['name', 'platform', 'version', 'spaces', 'saved', 'description'], rows);
}

export function printTemplate({ stdout, clock }: Printing, template: TemplateDetail, texts: Texts): void {
  printFacts(stdout, [
    ['Name', template.name],
    ['Id', template.id],
    ['Description', template.description],
    ['Platform', template.platform],
    ['Version', texts.number === undefined ? String(template.present) : `${texts.number} of ${template.present}`],
    ['Note', texts.note ?? ''],
    ['Restart', texts.restart],
    ['Exceptions', texts.exceptions.join(', ')],
    ['Variables', template.variables.join(', ')],
    ['Ports', template.ports.map(portOf).join(', ')],
    ['Spaces', String(template.spaces)],
    ['Saved', ago(template.updatedAt, clock.now())],
  ]);
  for (const [title, text = ''] of [
    ['Job', texts.job],
    ['Volumes', texts.volumes],
  ]) {
    if (text.trim() !== '') stdout.write(`\n${title}:\n${text.replace(/\n*$/, '\n').replace(/^(?=.)/gm, '  ')}`);
  }
}

function portOf({ share, ...port }: TemplateDetail['ports'][number]): string {
  return `${templatePortText(port)}${share === undefined ? '' : ` for ${share}`}`;
}

export function printVersions({ stdout, clock }: Printing, versions: readonly TemplateVersion[]): void {
  const rows = versions.map(({ number, author, createdAt, exceptions, note }) => [
    String(number),
    author,
    ago(createdAt, clock.now()),
    exceptions.join(', ') || '-',
    note,
  ]);
  printTable(stdout, ['version', 'by', 'saved', 'exceptions', 'note'], rows);
}
