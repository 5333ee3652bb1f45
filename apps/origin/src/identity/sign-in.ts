import type { Clock, RandomSource } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { NewRow, Store, UserRow } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import type { Deeds } from '../deeds/deeds.js';
import { userEmail, userName } from '../deeds/unique-name.js';
import type { Call, Visitor } from '../http/call.js';
import type { OpenedSession } from '../http/session-cookie.js';
import type { LoginDto, MeDto } from './identity.dto.js';
import { heldBy } from '../roles/grants.js';
import type { Quotas } from '../users/quotas.js';
import type { Passwords } from './passwords.js';
import { SESSION_LIFE_MS, newSessionSecret } from './proofs.js';
import { signInLimits, type Throttle } from './throttle.js';

export interface SignInPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly deeds: Deeds;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  readonly quotas: Quotas;
}

/** Trades name and password for a session. */
export class SignIn {
  constructor(private readonly ports: SignInPorts) {}

  async byPassword(visitor: Visitor, { username, password }: LoginDto): Promise<{ me: MeDto; session: OpenedSession }> {
    const { throttle, passwords } = this.ports;
    const limits = signInLimits(username, visitor.address);
    throttle.begin(limits);
    const user = await this.userNamed(username);
    const matches = await passwords.matches(password, user?.passwordHash ?? null);
    if (!user || !matches || !user.active) {
      throw new KnotError(
        'auth.failed',
        'The name or the password is not right.',
        'Check both; passwords know upper and lower case.',
      );
    }
    throttle.succeed(limits);
    const secret = await this.open(visitor, user);
    return { me: await this.describe(user, 'session', ['*']), session: { secret, lifeMs: SESSION_LIFE_MS } };
  }

  async me({ actor }: Call): Promise<MeDto> {
    const user = found(await this.ports.store.get('user', actor.id), 'user');
    return this.describe(user, actor.via, actor.via === 'session' ? ['*'] : [...actor.scopes]);
  }

  private async userNamed(name: string): Promise<UserRow | null> {
    const { store } = this.ports;
    const given = name.trim();
    const { scope, value } = given.includes('@') ? userEmail({ email: given }) : userName({ username: given });
    const id = await store.holder(scope, value);
    return id === null ? null : store.get('user', id);
  }

  private async open(visitor: Visitor, user: UserRow): Promise<string> {
    const { random, clock, deeds } = this.ports;
    const { secret, id } = newSessionSecret(random);
    const createdAt = clock.now();
    const { address, userAgent } = visitor;
    const expiresAt = createdAt + SESSION_LIFE_MS;
    const row: NewRow<'session'> = { id, userId: user.id, createdAt, expiresAt, address, userAgent };
    await deeds.do({ name: user.username, address, idempotency: null }, async () => ({
      // a password changed or a user deactivated in between ends this sign-in too
      expect: [{ kind: 'user', id: user.id, version: (await this.unchanged(user)).version }],
      writes: [{ put: 'session', row }],
      audit: { action: 'session.start', subjectKind: 'user', subjectId: user.id },
      answer: null,
    }));
    return secret;
  }

  private async unchanged(user: UserRow): Promise<UserRow> {
    const now = await this.ports.store.get('user', user.id);
    if (now?.active && now.passwordHash === user.passwordHash) return now;
    throw new KnotError('auth.failed', 'The name or the password is not right.', 'It was changed a moment ago.');
  }

  private async describe(user: UserRow, via: MeDto['via'], scopes: MeDto['scopes']): Promise<MeDto> {
    const { store, quotas } = this.ports;
    const { id, username, email, role, timezone } = user;
    const [held, { maxRunning }, running] = await Promise.all([
      heldBy(store, user),
      quotas.limitsOf(user),
      store.count('space', { ownerId: id, want: 'running' }),
    ]);
    const permissions = held.map(({ permission }) => permission);
    const groups = [...user.groups];
    return { id, username, email, role, permissions, groups, timezone, maxRunning, running, via, scopes };
  }
}
