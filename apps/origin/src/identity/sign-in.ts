import type { Clock, Logger, RandomSource } from '@knot/shared';
import { KnotError, isKnotError } from '@knot/shared/errors';
import type { Store, UserRow } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import type { Deeds } from '../deeds/deeds.js';
import { userEmail, userName } from '../deeds/unique-name.js';
import type { Call, Visitor } from '../http/call.js';
import type { OpenedSession } from '../http/session-cookie.js';
import type { LoginDto, MeDto } from './identity.dto.js';
import { heldBy } from '../roles/grants.js';
import type { Quotas } from '../users/quotas.js';
import type { Passwords } from './passwords.js';
import type { RecoveryCodesDto, TotpBeginDto, TotpFinishDto, TotpSecretDto } from './second-factor.dto.js';
import type { SecondFactor } from './second-factor.js';
import { newSession } from './new-session.js';
import { SESSION_LIFE_MS } from './proofs.js';
import { signInLimits, type Throttle } from './throttle.js';

export interface SignInPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly deeds: Deeds;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  readonly quotas: Quotas;
  readonly factor: SecondFactor;
  /** Whether knot.yaml leaves the passwords of this server on beside the provider. */
  readonly passwordsLetIn: boolean;
  readonly logger: Logger;
}

function isEnrolling(error: unknown): boolean {
  return isKnotError(error, 'auth.required') && error.details['reason'] === 'totp-enrol';
}

/** Trades name and password for a session. */
export class SignIn {
  constructor(private readonly ports: SignInPorts) {}

  async byPassword(visitor: Visitor, body: LoginDto): Promise<{ me: MeDto; session: OpenedSession }> {
    const { throttle, factor, passwordsLetIn } = this.ports;
    if (!passwordsLetIn) {
      throw new KnotError(
        'access.denied',
        'Passwords let nobody in here.',
        'Sign in by the provider: /api/v1/auth/oidc',
      );
    }
    const limits = signInLimits(body.username, visitor.address);
    await throttle.begin(limits);
    const user = await this.proven(body);
    try {
      await factor.prove(user, body.code ?? '');
    } catch (error) {
      // the password was right, and nothing was guessed
      if (isKnotError(error, 'auth.required')) await throttle.succeed(limits);
      if (isEnrolling(error)) await this.tellAdministrator(user);
      throw error;
    }
    const secret = await this.open(visitor, user, body.code ?? '');
    await throttle.succeed(limits);
    return { me: await this.describe(user, 'session', ['*']), session: { secret, lifeMs: SESSION_LIFE_MS } };
  }

  /** What the link leads to: the secret for an authenticator. */
  async beginTotp(visitor: Visitor, body: TotpBeginDto): Promise<TotpSecretDto> {
    return this.linked(visitor, body, (user) => this.ports.factor.secretFor(user, body.link));
  }

  async finishTotp(visitor: Visitor, body: TotpFinishDto): Promise<RecoveryCodesDto> {
    const { factor } = this.ports;
    return this.linked(visitor, body, async (user) => ({
      recoveryCodes: await factor.enrol(user, body.link, body.code, visitor.address),
    }));
  }

  private async linked<T>(visitor: Visitor, body: TotpBeginDto, deed: (user: UserRow) => Promise<T>): Promise<T> {
    const { throttle } = this.ports;
    const limits = signInLimits(body.username, visitor.address);
    await throttle.begin(limits);
    const answer = await deed(await this.proven(body));
    await throttle.succeed(limits);
    return answer;
  }

  /** Who has this password; throws `auth.failed`. */
  private async proven({ username, password }: Pick<LoginDto, 'username' | 'password'>): Promise<UserRow> {
    const { passwords } = this.ports;
    const user = await this.userNamed(username);
    const matches = await passwords.matches(password, user?.passwordHash ?? null);
    if (!user || !matches || !user.active) {
      throw new KnotError(
        'auth.failed',
        'The name or the password is not right.',
        'Check both; passwords know upper and lower case.',
      );
    }
    return user;
  }

  /**
   * An administrator who is to prove a code and has no authenticator could be let in by nobody: whoever reads the
   * server's log is trusted with a link, as with the set-up code.
   */
  private async tellAdministrator(user: UserRow): Promise<void> {
    const { store, factor, logger } = this.ports;
    if (user.role !== 'administrator') return;
    const { expect, writes, answer } = await factor.link(user.id);
    await store.commit({ expect, writes });
    logger.info(`${user.username} sets up one-time codes at ${answer.url}`);
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

  private async open(visitor: Visitor, user: UserRow, code: string): Promise<string> {
    const { random, clock, deeds, factor } = this.ports;
    const { secret, row } = newSession(user.id, visitor, random, clock.now());
    const { address } = visitor;
    await deeds.do({ name: user.username, address, idempotency: null }, async () => {
      // of two sign-ins by the same code one comes first, and the other finds it used
      const proof = await factor.prove(user, code);
      return {
        // a password changed or a user deactivated in between ends this sign-in too
        expect: [{ kind: 'user', id: user.id, version: (await this.unchanged(user)).version }, ...proof.expect],
        writes: [{ put: 'session', row }, ...proof.writes],
        audit: { action: 'session.start', subjectKind: 'user', subjectId: user.id },
        answer: null,
      };
    });
    return secret;
  }

  private async unchanged(user: UserRow): Promise<UserRow> {
    const now = await this.ports.store.get('user', user.id);
    if (now?.active && now.passwordHash === user.passwordHash) return now;
    throw new KnotError('auth.failed', 'The name or the password is not right.', 'It was changed a moment ago.');
  }

  private async describe(user: UserRow, via: MeDto['via'], scopes: MeDto['scopes']): Promise<MeDto> {
    const { store, quotas, factor } = this.ports;
    const { id, username, email, role, timezone } = user;
    const [held, { maxRunning }, running, totp] = await Promise.all([
      heldBy(store, user),
      quotas.limitsOf(user),
      store.count('space', { ownerId: id, want: 'running' }),
      factor.isOn(id),
    ]);
    const permissions = held.map(({ permission }) => permission);
    const groups = [...user.groups];
    const ways = { linked: user.subject !== '', password: user.passwordHash !== '' };
    return {
      id,
      username,
      email,
      role,
      permissions,
      groups,
      timezone,
      totp,
      ...ways,
      maxRunning,
      running,
      via,
      scopes,
    };
  }
}
