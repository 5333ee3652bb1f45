import { FUNCTION_NAMES } from '@knot/domain/template';
import type { Variable } from '../../api/schemas.js';
import type { Completions } from '../../editor/completions.js';
import { texts } from '../../texts/texts.js';

/** What a template sees of the space, its owner and the server. */
const PATHS = [
  '.space.id',
  '.space.name',
  '.template.id',
  '.template.name',
  '.user.id',
  '.user.username',
  '.user.email',
  '.user.timezone',
  '.user.service_password',
  '.server.url',
  '.server.agent_endpoint',
  '.server.wildcard_domain',
  '.server.location',
  '.server.timezone',
  '.nomad.dc',
  '.nomad.region',
] as const;

/** All that can stand in an action; a variable that several locations have stands there once. */
export function templateCompletions(variables: readonly Variable[]): Completions {
  const places = Map.groupBy(variables, ({ name }) => name);
  return {
    paths: [
      ...PATHS.map((name) => ({ name, what: '' })),
      ...[...places].map(([name, rows]) => ({ name: `.var.${name}`, what: whatOf(rows) })),
    ],
    functions: [...FUNCTION_NAMES].sort(),
  };
}

function whatOf(rows: readonly Variable[]): string {
  return texts.textCheck.variable(rows.map(({ location }) => location ?? '').join(', '));
}
