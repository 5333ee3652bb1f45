import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { NewRow, Store, UserRow } from '@knot/shared/store';
import { assertConfirmed, assertVersion, found } from '../deeds/check.js';
import { SYSTEM, doerOf, type Deeds } from '../deeds/deeds.js';
import { claim, move, release, userEmail, userName } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import { endProofs } from '../identity/end-proofs.js';
import type { Passwords } from '../identity/passwords.js';
import { stopAllOf } from './stop-all-of.js';
import type { UserChangeDto, UserCreateDto, UserDto, UserPageDto, UserQueryDto } from './user.dto.js';

const TAKEN = 'Another user has this name or e-mail address.';

export interface UsersPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly passwords: Passwords;
  readonly timezone: string;
}

export class Users {
  constructor(private readonly ports: UsersPorts) {}

  async list({ limit = 50, cursor, q }: UserQueryDto): Promise<UserPageDto> {
    const sort = { field: 'username' } as const;
    const { rows, next } = await this.ports.store.page('user', { search: q, sort, limit, after: cursor });
    return { items: await Promise.all(rows.map((row) => this.dto(row))), next };
  }

  async get(id: string): Promise<UserDto> {
    return this.dto(found(await this.ports.store.get('user', id), 'user'));
  }

  async create(call: Call, body: UserCreateDto): Promise<UserDto> {
    const { deeds, passwords, newId, clock, timezone } = this.ports;
    const { username, email, role = 'user', maxRunning = 0 } = body;
    const passwordHash = await passwords.hash(body.password, username);
    return deeds.do(doerOf(call), async () => {
      const id = newId();
      const row: NewRow<'user'> = {
        id,
        username,
        email,
        passwordHash,
        role,
        active: true,
        timezone: body.timezone ?? timezone,
        maxRunning,
        createdAt: clock.now(),
      };
      return {
        expect: [{ kind: 'user', id, version: 0 }],
        unique: [claim(userName(row), id), claim(userEmail(row), id)],
        writes: [{ put: 'user', row }],
        log: [{ stream: 'events', kind: 'user', id, op: 'put' }],
        audit: { action: 'user.create', subjectKind: 'user', subjectId: id, details: { username, role } },
        answer: { ...shown({ ...row, version: 1 }), running: 0, spaces: 0 },
        taken: TAKEN,
      };
    });
  }

  async change(call: Call, id: string, body: UserChangeDto): Promise<UserDto> {
    const { store, deeds, passwords } = this.ports;
    const { username } = found(await store.get('user', id), 'user');
    const passwordHash = body.password === undefined ? null : await passwords.hash(body.password, username);
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('user', id), 'user');
      assertVersion(call, row);
      const next = changed(row, body, passwordHash);
      await this.assertAdministratorLeft(row, next);
      const leaves = row.active && !next.active;
      // proofs end with the password and with the user's part here; one's own session outlives one's own change
      const ended = leaves || passwordHash ? await endProofs(store, id, id === call.actor.id ? call.proofId : '') : [];
      const stopped = leaves ? await stopAllOf(store, id, call.actor.id, this.ports) : null;
      const { active, role, maxRunning } = next;
      return {
        expect: [{ kind: 'user', id, version: row.version }, ...(stopped?.expect ?? [])],
        unique: move(userEmail(row), userEmail(next), id),
        writes: [{ put: 'user', row: next }, ...ended, ...(stopped?.writes ?? [])],
        log: [{ stream: 'events', kind: 'user', id, op: 'put' }, ...(stopped?.log ?? [])],
        audit: { action: 'user.change', subjectKind: 'user', subjectId: id, details: { active, role, maxRunning } },
        answer: null,
        taken: TAKEN,
      };
    });
    if (body.active === false) await this.stopRest(id);
    return this.get(id);
  }

  /** Stops what a start of the same moment, or a page limit, left running for a user who is no longer active. */
  async stopRest(id: string): Promise<void> {
    const { store, deeds } = this.ports;
    while ((await store.count('space', { ownerId: id, want: 'running' })) > 0) {
      const stillAway = await deeds.do(SYSTEM, async () => {
        const user = await store.get('user', id);
        const away = user !== null && !user.active;
        const stopped = away ? await stopAllOf(store, id, '', this.ports) : { expect: [], writes: [], log: [] };
        return { ...stopped, audit: { action: 'user.stop-spaces', subjectKind: 'user', subjectId: id }, answer: away };
      });
      if (!stillAway) return;
    }
  }

  async delete(call: Call, id: string, confirm: string | undefined): Promise<void> {
    const { store, deeds } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('user', id), 'user');
      assertVersion(call, row);
      if (id === call.actor.id) {
        throw new KnotError('state.refused', 'Nobody deletes themselves.', 'Ask another administrator.');
      }
      assertConfirmed(confirm, row.username, `This deletes the user ${row.username}.`);
      const spaces = await store.count('space', { ownerId: id });
      if (spaces > 0) {
        const hint = 'Delete the spaces first, or deactivate the user, which deletes nothing.';
        throw new KnotError('resource.in_use', `${row.username} has ${spaces} spaces.`, hint, { spaces });
      }
      return {
        expect: [{ kind: 'user', id, version: row.version }],
        unique: [release(userName(row), id), release(userEmail(row), id)],
        writes: [{ delete: 'user', id }, ...(await endProofs(store, id))],
        log: [{ stream: 'events', kind: 'user', id, op: 'delete' }],
        audit: { action: 'user.delete', subjectKind: 'user', subjectId: id, details: { username: row.username } },
        answer: undefined,
      };
    });
  }

  private async assertAdministratorLeft(row: UserRow, next: NewRow<'user'>): Promise<void> {
    const was = row.active && row.role === 'administrator';
    if (!was || (next.active && next.role === 'administrator')) return;
    for (let after: string | undefined; ;) {
      const page = await this.ports.store.page('user', { limit: 500, after });
      if (page.rows.some((user) => user.id !== row.id && user.active && user.role === 'administrator')) return;
      if (page.next === null) break;
      after = page.next;
    }
    throw new KnotError('state.refused', 'This is the last active administrator.', 'Make another one first.');
  }

  private async dto(row: UserRow): Promise<UserDto> {
    const { store } = this.ports;
    const [spaces, running] = await Promise.all([
      store.count('space', { ownerId: row.id }),
      store.count('space', { ownerId: row.id, want: 'running' }),
    ]);
    return { ...shown(row), running, spaces };
  }
}

function changed(row: UserRow, body: UserChangeDto, passwordHash: string | null): NewRow<'user'> {
  const { version: _, ...kept } = row;
  return {
    ...kept,
    email: body.email ?? row.email,
    role: body.role ?? row.role,
    active: body.active ?? row.active,
    maxRunning: body.maxRunning ?? row.maxRunning,
    timezone: body.timezone ?? row.timezone,
    passwordHash: passwordHash ?? row.passwordHash,
  };
}

function shown({ id, username, email, role, active, timezone, maxRunning, createdAt, version }: UserRow) {
  return { id, username, email, role, active, timezone, maxRunning, createdAt, version };
}
