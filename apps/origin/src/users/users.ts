import type { Clock } from '@knot/shared';
import { USER_ROLE } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import type { Expectation, NewRow, Store, UserRow } from '@knot/shared/store';
import { assertVersion, found } from '../deeds/check.js';
import { SYSTEM, doerOf, type Deeds } from '../deeds/deeds.js';
import { claim, move, userEmail, userName } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import { endProofs, proofsLog } from '../identity/end-proofs.js';
import type { Passwords } from '../identity/passwords.js';
import { sharedSpacesLog } from '../offers/shared-spaces.js';
import { assertOver } from '../roles/grants.js';
import { eachUser } from './each-user.js';
import { NEW_USER } from './new-user.js';
import { stopAllOf } from './stop-all-of.js';
import type { MembershipDto, UserChangeDto, UserCreateDto, UserDto, UserPageDto, UserQueryDto } from './user.dto.js';

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
    const { store, deeds, passwords, newId, clock, timezone } = this.ports;
    const { username, email, role = 'user' } = body;
    const passwordHash = await passwords.hash(body.password, username);
    return deeds.do(doerOf(call), async () => {
      const id = newId();
      const row: NewRow<'user'> = {
        id,
        username,
        email,
        passwordHash,
        ...NEW_USER,
        ...membershipOf({ ...NEW_USER, role }, body),
        timezone: body.timezone ?? timezone,
        createdAt: clock.now(),
      };
      await assertOver(store, call.actor, [row], 'Making this user');
      return {
        expect: [{ kind: 'user', id, version: 0 }, ...(await this.named(body))],
        unique: [claim(userName(row), id), claim(userEmail(row), id)],
        writes: [{ put: 'user', row }],
        log: [{ stream: 'events', kind: 'user', id, op: 'put' }],
        audit: { action: 'user.create', subjectKind: 'user', subjectId: id, details: { username, role } },
        answer: { ...shown({ ...row, version: 1 }), totp: false, running: 0, spaces: 0 },
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
      if (row.deletionRequestedAt > 0) {
        throw new KnotError('state.refused', `${username} is being deleted.`, 'Wait until their spaces are gone.');
      }
      const next = changed(row, body, passwordHash);
      await assertOver(store, call.actor, [row, next], 'Changing this user');
      await this.assertAdministratorLeft(row, next);
      const leaves = row.active && !next.active;
      // proofs end with the password and with the user's part here; one's own session outlives one's own change
      const ended = leaves || passwordHash ? await endProofs(store, id, id === call.actor.id ? call.proofId : '') : [];
      const stopped = leaves ? await stopAllOf(store, id, call.actor.id, this.ports) : null;
      const left = row.active === next.active ? [] : await sharedSpacesLog(store, id);
      return {
        expect: [{ kind: 'user', id, version: row.version }, ...(await this.named(body)), ...(stopped?.expect ?? [])],
        unique: move(userEmail(row), userEmail(next), id),
        writes: [{ put: 'user', row: next }, ...ended, ...(stopped?.writes ?? [])],
        log: [{ stream: 'events', kind: 'user', id, op: 'put' }, ...proofsLog(ended), ...(stopped?.log ?? []), ...left],
        audit: { action: 'user.change', subjectKind: 'user', subjectId: id, details: changesOf(row, next) },
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

  /** The roles and groups that a body names, so that none goes away in the same moment; throws for one that is not there. */
  private async named({ roles = [], groups = [] }: MembershipDto): Promise<Expectation[]> {
    const { store } = this.ports;
    const ids = roles.filter((id) => id !== USER_ROLE.id);
    const [roleRows, groupRows] = await Promise.all([store.getMany('role', ids), store.getMany('group', groups)]);
    if (roleRows.length < ids.length) throw unknownIds('roles');
    if (groupRows.length < groups.length) throw unknownIds('groups');
    return [
      ...roleRows.map(({ id, version }) => ({ kind: 'role' as const, id, version })),
      ...groupRows.map(({ id, version }) => ({ kind: 'group' as const, id, version })),
    ];
  }

  private async assertAdministratorLeft(row: UserRow, next: NewRow<'user'>): Promise<void> {
    const was = row.active && row.role === 'administrator';
    if (!was || (next.active && next.role === 'administrator')) return;
    for await (const user of eachUser(this.ports.store)) {
      if (user.id !== row.id && user.active && user.role === 'administrator') return;
    }
    throw new KnotError('state.refused', 'This is the last active administrator.', 'Make another one first.');
  }

  private async dto(row: UserRow): Promise<UserDto> {
    const { store } = this.ports;
    const [spaces, running, factor] = await Promise.all([
      store.count('space', { ownerId: row.id }),
      store.count('space', { ownerId: row.id, want: 'running' }),
      store.get('secondFactor', row.id),
    ]);
    const totp = factor !== null && factor.secret !== '';
    return { ...shown(row), totp, running, spaces };
  }
}

function changed(row: UserRow, body: UserChangeDto, passwordHash: string | null): NewRow<'user'> {
  const { version: _, ...kept } = row;
  return {
    ...kept,
    ...membershipOf(row, body),
    email: body.email ?? row.email,
    active: body.active ?? row.active,
    timezone: body.timezone ?? row.timezone,
    passwordHash: passwordHash ?? row.passwordHash,
  };
}

type Membership = Pick<
  NewRow<'user'>,
  'role' | 'roles' | 'groups' | 'maxSpaces' | 'maxRunning' | 'computeUnits' | 'storageUnits'
>;

function membershipOf(known: Membership, body: MembershipDto): Membership {
  return {
    role: body.role ?? known.role,
    roles: body.roles ?? known.roles,
    groups: body.groups ?? known.groups,
    maxSpaces: body.maxSpaces ?? known.maxSpaces,
    maxRunning: body.maxRunning ?? known.maxRunning,
    computeUnits: body.computeUnits ?? known.computeUnits,
    storageUnits: body.storageUnits ?? known.storageUnits,
  };
}

/** What of a user differs, before and after; a password is no more than named. */
function changesOf(row: UserRow, next: NewRow<'user'>): Readonly<Record<string, unknown>> {
  const { passwordHash: oldHash, ...before } = row;
  const { passwordHash, ...after } = next;
  const was = new Map<string, unknown>(Object.entries(before));
  const changes: Record<string, unknown> = oldHash === passwordHash ? {} : { password: 'changed' };
  for (const [field, value] of Object.entries(after)) {
    const earlier = was.get(field);
    if (JSON.stringify(earlier) !== JSON.stringify(value)) changes[field] = { before: earlier, after: value };
  }
  return changes;
}

function unknownIds(field: 'roles' | 'groups'): KnotError {
  return new KnotError(
    'input.invalid',
    `One of the ${field} is not there.`,
    `Use ids that the list of ${field} shows.`,
  );
}

function shown({
  passwordHash: _,
  subject: _subject,
  sshKeys: _keys,
  ...row
}: UserRow): Omit<UserDto, 'running' | 'spaces' | 'totp'> {
  return { ...row, roles: [...row.roles], groups: [...row.groups] };
}
