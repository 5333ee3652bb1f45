import { sealContext, type Clock, type KeyRing } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { NewRow, Store, VariableRow } from '@knot/shared/store';
import { assertVersion, found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import { claim, release, variableName } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import type {
  VariableCreateDto,
  VariableDto,
  VariablePageDto,
  VariablePutDto,
  VariableQueryDto,
} from './variable.dto.js';

/** Characters of a variable's value. */
const LONGEST = 1024 * 1024;

export interface VariablesPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly keys: KeyRing;
  readonly newId: () => string;
}

/** Values that templates use; the protected ones are sealed and can be set but never read. */
export class Variables {
  constructor(private readonly ports: VariablesPorts) {}

  async list({ limit = 50, cursor, q, location }: VariableQueryDto): Promise<VariablePageDto> {
    const request = { where: { location }, search: q, sort: { field: 'name' } as const, limit, after: cursor };
    const { rows, next } = await this.ports.store.page('variable', request);
    return { items: rows.map(variableDto), next };
  }

  async get(id: string): Promise<VariableDto> {
    return variableDto(found(await this.ports.store.get('variable', id), 'variable'));
  }

  async create(call: Call, body: VariableCreateDto): Promise<VariableDto> {
    const { deeds, newId, clock } = this.ports;
    const { name, location = '', protected: isProtected = false, restricted = false } = body;
    const templates = await this.templates(body.templates ?? [], isProtected);
    assertSize(body.value);
    return deeds.do(doerOf(call), async () => {
      const id = newId();
      const value = this.stored(id, body.value, isProtected);
      const row: NewRow<'variable'> = {
        id,
        name,
        location,
        value,
        protected: isProtected,
        restricted,
        templates,
        updatedAt: clock.now(),
      };
      return {
        expect: [{ kind: 'variable', id, version: 0 }],
        unique: [claim(variableName(row), id)],
        writes: [{ put: 'variable', row }],
        log: [{ stream: 'events', kind: 'variable', id, op: 'put' }],
        audit: {
          action: 'variable.create',
          subjectKind: 'variable',
          subjectId: id,
          location,
          details: { name, templates },
        },
        answer: variableDto({ ...row, version: 1 }),
        taken: `A variable ${name} exists ${location === '' ? 'for every location' : `at ${location}`} already.`,
      };
    });
  }

  async put(call: Call, id: string, body: VariablePutDto): Promise<VariableDto> {
    const { store, deeds, clock } = this.ports;
    assertSize(body.value ?? '');
    return deeds.do(doerOf(call), async () => {
      const row = found(await store.get('variable', id), 'variable');
      assertVersion(call, row);
      const { version, ...rest } = row;
      const isProtected = body.protected ?? row.protected;
      if (row.protected && !isProtected && body.value === undefined) {
        throw new KnotError(
          'state.refused',
          'A protected value is never shown.',
          'Send a new value together with protected: false.',
        );
      }
      const value = this.nextValue(row, body.value, isProtected);
      const restricted = body.restricted ?? row.restricted;
      const templates = await this.templates(body.templates ?? (await this.stillThere(row)), isProtected);
      const next = { ...rest, value, protected: isProtected, restricted, templates, updatedAt: clock.now() };
      return {
        expect: [{ kind: 'variable', id, version }],
        writes: [{ put: 'variable', row: next }],
        log: [{ stream: 'events', kind: 'variable', id, op: 'put' }],
        audit: {
          action: 'variable.change',
          subjectKind: 'variable',
          subjectId: id,
          location: row.location,
          details: { name: row.name, templates },
        },
        answer: variableDto({ ...next, version: version + 1 }),
      };
    });
  }

  async delete(call: Call, id: string): Promise<void> {
    const { store, deeds } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('variable', id), 'variable');
      assertVersion(call, row);
      return {
        expect: [{ kind: 'variable', id, version: row.version }],
        unique: [release(variableName(row), id)],
        writes: [{ delete: 'variable', id }],
        log: [{ stream: 'events', kind: 'variable', id, op: 'delete' }],
        audit: {
          action: 'variable.delete',
          subjectKind: 'variable',
          subjectId: id,
          location: row.location,
          details: { name: row.name },
        },
        answer: undefined,
      };
    });
  }

  /** Those that may use it, each of which is there; a value that is not protected is for all. */
  private async templates(ids: readonly string[], isProtected: boolean): Promise<readonly string[]> {
    if (!isProtected) return [];
    const there = new Set((await this.ports.store.getMany('template', ids)).map(({ id }) => id));
    const missing = ids.find((id) => !there.has(id));
    if (missing === undefined) return ids;
    const fields = { templates: `There is no template ${missing}.` };
    throw new KnotError('input.invalid', fields.templates, 'The list of templates shows their ids.', { fields });
  }

  private async stillThere({ templates }: VariableRow): Promise<readonly string[]> {
    return (await this.ports.store.getMany('template', templates)).map(({ id }) => id);
  }

  private nextValue(row: VariableRow, given: string | undefined, isProtected: boolean): string {
    if (given !== undefined) return this.stored(row.id, given, isProtected);
    return isProtected && !row.protected ? this.stored(row.id, row.value, true) : row.value;
  }

  private stored(id: string, value: string, isProtected: boolean): string {
    return isProtected ? this.ports.keys.sealText(value, valueContext(id)) : value;
  }
}

/** What the value of a protected variable is sealed for. */
export function valueContext(id: string): string {
  return sealContext('variable', id, 'value');
}

/** The value in clear; for snapshots only. */
export function clearValue(keys: KeyRing, row: VariableRow): string {
  return row.protected ? keys.openText(row.value, valueContext(row.id)) : row.value;
}

function assertSize(value: string): void {
  if (value.length <= LONGEST) return;
  throw new KnotError('input.too_large', 'A variable holds at most 1 MiB.', 'Put large texts into the template.');
}

function variableDto({
  id,
  name,
  location,
  value,
  protected: isProtected,
  restricted,
  templates,
  updatedAt,
  version,
}: VariableRow): VariableDto {
  return {
    id,
    name,
    location,
    value: isProtected ? null : value,
    protected: isProtected,
    restricted,
    templates: [...templates],
    updatedAt,
    version,
  };
}
