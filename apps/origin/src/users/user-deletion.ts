import { holds } from '@knot/domain';
import type { Clock } from '@knot/shared';
import { KnotError, isKnotError } from '@knot/shared/errors';
import type { SpaceRow, Store, UserRow } from '@knot/shared/store';
import { assertConfirmed, assertVersion, found } from '../deeds/check.js';
import type { Deed } from '../deeds/deed.js';
import { SYSTEM, doerOf, type Deeds, type Doer } from '../deeds/deeds.js';
import { release, userEmail, userName, userSubject } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import { endProofs, proofsLog } from '../identity/end-proofs.js';
import { assertOver } from '../roles/grants.js';
import { deletionOf } from '../spaces/deletion.js';
import type { UserDeletionDto, UserDeletionQueryDto } from './user-deletion.dto.js';

const PAGE = 200;

export interface UserDeletionPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** A user goes with everything that is theirs: the row is the last of it, once no space is left anywhere. */
export class UserDeletion {
  constructor(private readonly ports: UserDeletionPorts) {}

  /** What goes with a user. */
  async preview(id: string): Promise<UserDeletionDto> {
    const { store } = this.ports;
    const { username, groups, deletionRequestedAt } = found(await store.get('user', id), 'user');
    const spaces: UserDeletionDto['spaces'] = [];
    for await (const rows of this.spacesOf(id)) spaces.push(...(await this.shown(rows)));
    const [tokens, sessions, groupRows] = await Promise.all([
      store.page('token', { where: { userId: id }, limit: PAGE }),
      store.count('session', { userId: id }),
      store.getMany('group', groups),
    ]);
    return {
      id,
      username,
      spaces: spaces.sort((a, b) => (a.name < b.name ? -1 : 1)),
      tokens: tokens.rows.map(({ name }) => name).sort(),
      sessions,
      groups: groupRows.map(({ name }) => name).sort(),
      deletionRequestedAt,
    };
  }

  async delete(call: Call, id: string, { confirm, spaces: withSpaces }: UserDeletionQueryDto): Promise<void> {
    const { store, deeds, clock } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('user', id), 'user');
      assertVersion(call, row);
      if (id === call.actor.id) {
        throw new KnotError('state.refused', 'Nobody deletes themselves.', 'Ask another administrator.');
      }
      await assertOver(store, call.actor, [row], 'Deleting this user');
      const spaces = await store.count('space', { ownerId: id });
      if (spaces > 0) assertWithSpaces(call, row, spaces, withSpaces);
      assertConfirmed(confirm, row.username, warning(row, spaces));
      const details = { username: row.username, spaces };
      const audit = { action: 'user.delete', subjectKind: 'user', subjectId: id, details };
      const proofs = await endProofs(store, id);
      if (spaces === 0) {
        const { writes, log, ...rest } = gone(row);
        const all = { writes: [...writes, ...proofs], log: [...(log ?? []), ...proofsLog(proofs)] };
        return { ...rest, ...all, audit, answer: undefined };
      }
      const { version, ...rest } = row;
      const deletionRequestedAt = row.deletionRequestedAt === 0 ? clock.now() : row.deletionRequestedAt;
      return {
        expect: [{ kind: 'user', id, version }],
        writes: [{ put: 'user', row: { ...rest, active: false, deletionRequestedAt } }, ...proofs],
        log: [{ stream: 'events', kind: 'user', id, op: 'put' }, ...proofsLog(proofs)],
        audit,
        answer: undefined,
      };
    });
    await this.goOn(id, { ...doerOf(call), idempotency: null }, call.actor.id);
  }

  /** Asks for the end of every space that is left of a user who is being deleted; does nothing for another. */
  async goOn(id: string, doer: Doer = SYSTEM, actorId = ''): Promise<void> {
    if (!isLeaving(await this.ports.store.get('user', id))) return;
    for await (const rows of this.spacesOf(id)) {
      for (const space of rows) await this.deleteSpace(space.id, doer, actorId);
    }
    await this.finish(id);
  }

  /** Takes the row of a user away who is being deleted and has no space any more. */
  async finish(id: string): Promise<void> {
    const { store, deeds } = this.ports;
    const isDue = async (row: UserRow | null) => isLeaving(row) && (await store.count('space', { ownerId: id })) === 0;
    if (!(await isDue(await store.get('user', id)))) return;
    await unlessGone(() =>
      deeds.do(SYSTEM, async () => {
        const row = await store.get('user', id);
        // a space may have come between: whoever takes it away comes here again
        const due = found((await isDue(row)) ? row : null, 'user');
        const details = { username: due.username };
        return {
          ...gone(due),
          audit: { action: 'user.gone', subjectKind: 'user', subjectId: id, details },
          answer: undefined,
        };
      }),
    );
  }

  private async deleteSpace(id: string, doer: Doer, actorId: string): Promise<void> {
    const { store, deeds, clock, newId } = this.ports;
    await unlessGone(() =>
      deeds.do(doer, async () => {
        const space = found(await store.get('space', id), 'space');
        return found(deletionOf(space, { kind: 'space.delete', actorId, id: newId(), at: clock.now() }), 'space');
      }),
    );
  }

  private async *spacesOf(ownerId: string): AsyncGenerator<readonly SpaceRow[]> {
    for (let after: string | undefined; ;) {
      const { rows, next } = await this.ports.store.page('space', { where: { ownerId }, limit: PAGE, after });
      yield rows;
      if (next === null) return;
      after = next;
    }
  }

  private async shown(rows: readonly SpaceRow[]): Promise<UserDeletionDto['spaces']> {
    const seen = await this.ports.store.getMany(
      'spaceObserved',
      rows.map(({ id }) => id),
    );
    const volumesOf = new Map(seen.map(({ id, observed }) => [id, observed.volumes.map(({ name }) => name)]));
    return rows.map(({ id, name, location, want }) => ({ id, name, location, want, volumes: volumesOf.get(id) ?? [] }));
  }
}

function isLeaving(row: UserRow | null): boolean {
  return row !== null && row.deletionRequestedAt > 0;
}

function gone(row: UserRow): Pick<Deed<unknown>, 'expect' | 'unique' | 'writes' | 'log'> {
  const { id, version } = row;
  return {
    expect: [{ kind: 'user', id, version }],
    unique: [userName(row), userEmail(row), ...userSubject(row)].map((name) => release(name, id)),
    writes: [
      { delete: 'user', id },
      { delete: 'secondFactor', id },
    ],
    log: [{ stream: 'events', kind: 'user', id, op: 'delete' }],
  };
}

function assertWithSpaces({ actor }: Call, { username }: UserRow, spaces: number, given: 'delete' | undefined): void {
  if (given !== 'delete') {
    const hint = 'Send spaces=delete to delete them too, or deactivate the user, which deletes nothing.';
    throw new KnotError('resource.in_use', `${username} has ${spaces} spaces.`, hint, { spaces });
  }
  if (holds(actor, 'spaces.manage')) return;
  const message = `Deleting ${username} deletes ${spaces} spaces, which needs the permission spaces.manage.`;
  throw new KnotError('access.denied', message, 'Ask somebody who has it, or deactivate the user.');
}

function warning({ username }: UserRow, spaces: number): string {
  const more = spaces === 0 ? '' : ` with ${spaces} ${spaces === 1 ? 'space' : 'spaces'} and all their volumes`;
  return `This deletes the user ${username}${more}.`;
}

/** Somebody else has done it meanwhile. */
async function unlessGone(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!isKnotError(error, 'resource.not_found')) throw error;
  }
}
