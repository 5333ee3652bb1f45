import type { components } from '@knot/contract';
import { allPages, answer } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import type { Template } from '../api/schemas.js';
import { plain, printJson, printTable } from '../output.js';
import { findTemplate } from './find-template.js';

type SpaceImpact = components['schemas']['SpaceImpact'];

export interface ImpactOptions {
  readonly location?: string;
  readonly json?: boolean;
}

/** What a version would do to each space of another one, as the backends of their locations say. Changes nothing. */
export async function runTemplatesImpact(
  client: Client,
  wanted: string,
  number: number | undefined,
  options: ImpactOptions,
): Promise<void> {
  const template = await findTemplate(client, wanted);
  const spaces = await impactOf(client, template, { ...options, number });
  printImpact(client, template, number ?? template.present, spaces, options);
}

/** Of all spaces of another version, or of those that are named. */
export async function impactOf(
  { api }: Client,
  { id }: Template,
  { location, number }: ImpactOptions & { readonly number?: number },
  ids?: readonly string[],
): Promise<readonly SpaceImpact[]> {
  const spaces = await allPages((cursor) => {
    // each of them is asked about at its backend: a large page would be long in coming
    const params = { path: { id }, query: { number, location, ...cursor, limit: 20 } };
    return answer(api.GET('/api/v1/templates/{id}/impact', { params }));
  });
  return ids ? spaces.filter((space) => ids.includes(space.id)) : spaces;
}

export function printImpact(
  { context: { stdout } }: Client,
  { name }: Template,
  version: number,
  spaces: readonly SpaceImpact[],
  { json }: ImpactOptions,
): void {
  if (json) return printJson(stdout, spaces);
  if (spaces.length === 0) {
    stdout.write(`every space of ${name} has version ${version}\n`);
    return;
  }
  const rows = spaces.map((space) => [
    ...[space.name, space.owner.username, space.location, String(space.templateVersion)],
    EFFECTS[space.effect],
  ]);
  printTable(stdout, ['space', 'owner', 'location', 'version', `with version ${version}`], rows);
  for (const space of spaces) {
    const lines = linesOf(space).map(plain);
    if (lines.length > 0)
      stdout.write(`\n${plain(`${space.owner.username}/${space.name}`)}\n  ${lines.join('\n  ')}\n`);
  }
}

const EFFECTS: Record<SpaceImpact['effect'], string> = {
  restart: 'restarts',
  'in-place': 'changes without a restart',
  nothing: 'runs on unchanged',
  'next-start': 'takes it at its next start',
  refused: 'is refused',
  unknown: 'not known',
};

function linesOf(space: SpaceImpact): string[] {
  return [
    [space.message, space.hint].filter((text) => text !== '').join(' '),
    ...space.changes,
    space.environment.length > 0 ? `reads other values of ${space.environment.join(', ')}` : '',
    space.volumesAdded.length > 0 ? `gets the volumes ${space.volumesAdded.join(', ')}` : '',
    space.volumesDetached.length > 0
      ? `is parted from the volumes ${space.volumesDetached.join(', ')}, whose data stays until the space is deleted`
      : '',
    ...space.warnings.map((warning) => `warning: ${warning}`),
  ].filter((line) => line !== '');
}
