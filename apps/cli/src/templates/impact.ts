import type { components } from '@knot/contract';
import { allPages, answer } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import { printJson, printTable } from '../output.js';
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
  { location, json }: ImpactOptions,
): Promise<void> {
  const { stdout } = client.context;
  const template = await findTemplate(client, wanted);
  const params = { path: { id: template.id } };
  const spaces = await allPages((cursor) => {
    // each of them is asked about at its backend: a large page would be long in coming
    const query = { number, location, ...cursor, limit: 20 };
    return answer(client.api.GET('/api/v1/templates/{id}/impact', { params: { ...params, query } }));
  });
  if (json) return printJson(stdout, spaces);
  const version = number ?? template.present;
  if (spaces.length === 0) {
    stdout.write(`every space of ${template.name} has version ${version}\n`);
    return;
  }
  const rows = spaces.map((space) => [
    ...[space.name, space.owner.username, space.location, String(space.templateVersion)],
    EFFECTS[space.effect],
  ]);
  printTable(stdout, ['space', 'owner', 'location', 'version', `with version ${version}`], rows);
  for (const space of spaces) {
    const lines = linesOf(space);
    if (lines.length > 0) stdout.write(`\n${space.owner.username}/${space.name}\n  ${lines.join('\n  ')}\n`);
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
