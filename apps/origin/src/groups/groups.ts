import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { GroupRow, NewRow, Store } from '@knot/shared/store';
import { assertConfirmed, assertVersion, found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import { claim, groupName, move, release } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import { countByUsers } from '../users/each-user.js';
import type { GroupChangeDto, GroupCreateDto, GroupDto, GroupPageDto, GroupQueryDto } from './group.dto.js';

export interface GroupsPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** Groups of users: they open templates to their members and add to what these may have. */
export class Groups {
  constructor(private readonly ports: GroupsPorts) {}

  async list({ limit = 50, cursor, q }: GroupQueryDto): Promise<GroupPageDto> {
    const { store } = this.ports;
    const sort = { field: 'name' } as const;
    const { rows, next } = await store.page('group', { search: q, sort, limit, after: cursor });
    return { items: await this.describe(rows), next };
  }

  async get(id: string): Promise<GroupDto> {
    const [dto] = await this.describe([found(await this.ports.store.get('group', id), 'group')]);
    return found(dto ?? null, 'group');
  }

  async create(call: Call, body: GroupCreateDto): Promise<GroupDto> {
    const { deeds, newId, clock } = this.ports;
    return deeds.do(doerOf(call), async () => {
      const id = newId();
      const { name, description = '', maxSpaces = 0, maxRunning = 0, computeUnits = 0, storageUnits = 0 } = body;
      const limits = { maxSpaces, maxRunning, computeUnits, storageUnits };
      const row: NewRow<'group'> = { id, name, description, ...limits, createdAt: clock.now() };
      return {
        expect: [{ kind: 'group', id, version: 0 }],
        unique: [claim(groupName(row), id)],
        writes: [{ put: 'group', row }],
        log: [{ stream: 'events', kind: 'group', id, op: 'put' }],
        audit: { action: 'group.create', subjectKind: 'group', subjectId: id, details: { name, ...limits } },
        answer: { ...row, version: 1, members: 0, templates: 0 },
        taken: `A group ${name} exists already.`,
      };
    });
  }

  async change(call: Call, id: string, body: GroupChangeDto): Promise<GroupDto> {
    const { store, deeds } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('group', id), 'group');
      assertVersion(call, row);
      const next = changed(row, body);
      const { name, maxSpaces, maxRunning, computeUnits, storageUnits } = next;
      return {
        expect: [{ kind: 'group', id, version: row.version }],
        unique: move(groupName(row), groupName(next), id),
        writes: [{ put: 'group', row: next }],
        log: [{ stream: 'events', kind: 'group', id, op: 'put' }],
        audit: {
          action: 'group.change',
          subjectKind: 'group',
          subjectId: id,
          details: { name, maxSpaces, maxRunning, computeUnits, storageUnits },
        },
        answer: null,
        taken: `A group ${name} exists already.`,
      };
    });
    return this.get(id);
  }

  async delete(call: Call, id: string, confirm: string | undefined): Promise<void> {
    const { store, deeds } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('group', id), 'group');
      assertVersion(call, row);
      assertConfirmed(confirm, row.name, `This deletes the group ${row.name}.`);
      const { members, templates } = await this.get(id);
      if (members + templates > 0) {
        const message = `The group ${row.name} has ${members} members, and ${templates} templates are for it.`;
        throw new KnotError('resource.in_use', message, 'Take it from these first.', { members, templates });
      }
      return {
        expect: [{ kind: 'group', id, version: row.version }],
        unique: [release(groupName(row), id)],
        writes: [{ delete: 'group', id }],
        log: [{ stream: 'events', kind: 'group', id, op: 'delete' }],
        audit: { action: 'group.delete', subjectKind: 'group', subjectId: id, details: { name: row.name } },
        answer: undefined,
      };
    });
  }

  private async describe(rows: readonly GroupRow[]): Promise<GroupDto[]> {
    const [members, templates] = await Promise.all([
      countByUsers(this.ports.store, 'groups'),
      countByTemplates(this.ports.store),
    ]);
    return rows.map((row) => ({ ...row, members: members.get(row.id) ?? 0, templates: templates.get(row.id) ?? 0 }));
  }
}

function changed(row: GroupRow, body: GroupChangeDto): NewRow<'group'> {
  const { version: _, ...kept } = row;
  return {
    ...kept,
    name: body.name ?? row.name,
    description: body.description ?? row.description,
    maxSpaces: body.maxSpaces ?? row.maxSpaces,
    maxRunning: body.maxRunning ?? row.maxRunning,
    computeUnits: body.computeUnits ?? row.computeUnits,
    storageUnits: body.storageUnits ?? row.storageUnits,
  };
}

async function countByTemplates(store: Store): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let after: string | undefined; ;) {
    const { rows, next } = await store.page('template', { limit: 500, after });
    for (const id of rows.flatMap(({ groups }) => groups)) counts.set(id, (counts.get(id) ?? 0) + 1);
    if (next === null) return counts;
    after = next;
  }
}
