import { createHash } from 'node:crypto';
import type { Scope } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import { asObject, numberAt, objectAt, textAt, type JsonObject } from './json.js';
import type { NomadClient } from './nomad-client.js';

export interface Variable {
  readonly items: Readonly<Record<string, string>>;
  /** To be handed back with the next write; 0 for one that is not there. */
  readonly index: number;
}

/** What a location keeps in Nomad itself: variables under `knot/<installation>/<location>/`. */
export class Variables {
  private readonly root: string;

  constructor(
    private readonly client: NomadClient,
    scope: Scope,
  ) {
    this.root = `knot/${pathSegment(scope.installation)}/${pathSegment(scope.location)}`;
  }

  async read(name: string, signal: AbortSignal): Promise<Variable> {
    const found = await this.client.find('variable', `var/${this.root}/${name}`, 'read its variable', signal);
    return found === null ? { items: {}, index: 0 } : parseVariable(asObject(found));
  }

  /** Writes if nobody else has since `index`; otherwise answers, as `lost`, what is there now. */
  async write(
    name: string,
    { items, index }: Variable,
    signal: AbortSignal,
  ): Promise<{ readonly won: Variable } | { readonly lost: Variable }> {
    const path = `var/${this.root}/${name}`;
    const empty = Object.keys(items).length === 0;
    if (empty && index === 0) return { won: { items, index } };
    const body = empty ? undefined : { Items: items };
    const answer = await this.client.bare(empty ? 'DELETE' : 'PUT', path, signal, body, { cas: String(index) });
    if (answer.status === 409) return { lost: await this.read(name, signal) };
    const written = this.client.judged(answer, 'write its variable');
    return { won: empty ? { items: {}, index: 0 } : parseVariable(asObject(written)) };
  }

  /** As `write`, for writers that nobody should race with. */
  async mustWrite(name: string, variable: Variable, signal: AbortSignal): Promise<Variable> {
    const answer = await this.write(name, variable, signal);
    if ('won' in answer) return answer.won;
    throw new KnotError('backend.conflict', 'Somebody else changed the variable of this space at the same moment.');
  }

  /** Names below `folder/`, with the index of each. */
  async list(
    folder: string,
    signal: AbortSignal,
  ): Promise<readonly { readonly name: string; readonly index: number }[]> {
    const prefix = `${this.root}/${folder}/`;
    const found = await this.client.list('vars', 'list its variables', signal, { prefix });
    return found
      .map((one) => ({ path: textAt(one, 'Path'), index: numberAt(one, 'ModifyIndex') }))
      .filter(({ path }) => path.startsWith(prefix))
      .map(({ path, index }) => ({ name: path.slice(prefix.length), index }));
  }
}

function parseVariable(variable: JsonObject): Variable {
  const items = Object.entries(objectAt(variable, 'Items')).map(([key, value]): [string, string] => [
    key,
    String(value),
  ]);
  return { items: Object.fromEntries(items), index: numberAt(variable, 'ModifyIndex') };
}

/**
 * Nomad takes letters, digits, "-", "_" and "~" in paths of at most 128 characters; another name stands there as
 * its hash. What begins with "_" is hashed too, so that no name can be taken for another's hash.
 */
export function pathSegment(name: string): string {
  if (/^[A-Za-z0-9-][A-Za-z0-9_-]{0,39}$/.test(name)) return name;
  return `_${createHash('sha256').update(name).digest('base64url').slice(0, 32)}`;
}
