import { ownPath } from '@knot/link';
import { emailProblem, signInProblem, usernameProblem, type SignInProblem } from '@knot/domain';
import { sha256Hex, type Clock, type KeyRing, type RandomSource } from '@knot/shared';
import type { OidcConfig } from '@knot/shared/config';
import { KnotError, toKnotError } from '@knot/shared/errors';
import type { NewRow, Store, UserRow } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import type { Deed } from '../deeds/deed.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import { claim, groupName, release, userEmail, userName, userSubject } from '../deeds/unique-name.js';
import type { Call, Visitor } from '../http/call.js';
import type { OpenedSession } from '../http/session-cookie.js';
import { newSession } from '../identity/new-session.js';
import { SESSION_LIFE_MS } from '../identity/proofs.js';
import { NEW_USER } from '../users/new-user.js';
import type { SignInWaysDto } from './oidc.dto.js';
import { openFlow, sealFlow } from './oidc-flow.js';
import type { OidcPerson, OidcProvider } from './oidc-provider.js';

/** Names that are tried where another user has the one that the provider says. */
const MOST_NAMES = 20;

export interface OidcSignInPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly random: RandomSource;
  readonly keys: KeyRing;
  readonly config: OidcConfig;
  /** Null where knot.yaml names none. */
  readonly provider: OidcProvider | null;
  readonly timezone: string;
}

/** Where the browser goes next, and what it keeps until it is back. */
export interface OidcStep {
  readonly url: string;
  readonly flow: string;
}

export interface OidcOutcome {
  readonly returnTo: string;
  /** Null where a user who is signed in was linked. */
  readonly session: OpenedSession | null;
}

/** Sign-in by the provider. Users are known by issuer and subject; nothing else that it says makes somebody a user. */
export class OidcSignIn {
  constructor(private readonly ports: OidcSignInPorts) {}

  ways(): SignInWaysDto {
    const { config, provider } = this.ports;
    return { passwords: config.passwords, provider: provider ? config.name : '' };
  }

  begin(returnTo: string | undefined): Promise<OidcStep> {
    return this.step(ownPath(returnTo), '');
  }

  /** For somebody who is signed in, and wants to come by the provider from now on. */
  beginLink(call: Call): Promise<OidcStep> {
    return this.step('/profile', call.actor.id);
  }

  private async step(returnTo: string, linkTo: string): Promise<OidcStep> {
    const { keys, clock } = this.ports;
    const { url, checks } = await this.provider().begin();
    return { url, flow: sealFlow(keys, { ...checks, returnTo, linkTo }, clock.now()) };
  }

  /**
   * `call`: of the session that the browser shows; only its user is linked. What goes wrong leads back to the page where it
   * was begun, with a word for it.
   */
  async finish(visitor: Visitor, query: string, sealed: string, call: Call | null): Promise<OidcOutcome> {
    const { keys, clock } = this.ports;
    let page = '/sign-in';
    try {
      const flow = openFlow(keys, sealed, clock.now());
      if (flow.linkTo !== '') page = '/profile';
      const person = await this.provider().finish(query, flow);
      const session = flow.linkTo === '' ? await this.open(visitor, person) : null;
      if (flow.linkTo !== '') await this.link(own(call, flow.linkTo), person);
      return { returnTo: flow.returnTo, session };
    } catch (error) {
      return { returnTo: `${page}?problem=${problemOf(error)}`, session: null };
    }
  }

  /** Undoes `link`. Throws where nothing else would let them in. */
  async unlink(call: Call): Promise<void> {
    const { store, deeds, config } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const { version, ...row } = found(await store.get('user', call.actor.id), 'user');
      if (row.subject === '') throw new KnotError('state.refused', 'No account is linked.', 'There is nothing to do.');
      if (row.passwordHash === '' || !config.passwords) {
        const hint = config.passwords ? 'Have an administrator set a password first.' : '';
        throw new KnotError('state.refused', 'Nothing else would let you in here.', hint);
      }
      return {
        expect: [{ kind: 'user', id: row.id, version }],
        unique: names(row, release),
        writes: [{ put: 'user', row: { ...row, subject: '' } }],
        log: [{ stream: 'events', kind: 'user', id: row.id, op: 'put' }],
        audit: { action: 'me.unlink', subjectKind: 'user', subjectId: row.id },
        answer: undefined,
      };
    });
  }

  private async link(call: Call, person: OidcPerson): Promise<void> {
    const { store, deeds } = this.ports;
    await deeds.do({ ...doerOf(call), idempotency: null }, async () => {
      const { version, ...row } = found(await store.get('user', call.actor.id), 'user');
      const next = { ...row, subject: subjectOf(person) };
      const moved = row.subject === next.subject ? [] : [...names(row, release), ...names(next, claim)];
      return {
        expect: [{ kind: 'user', id: row.id, version }],
        unique: moved,
        writes: [{ put: 'user', row: next }],
        log: [{ stream: 'events', kind: 'user', id: row.id, op: 'put' }],
        audit: auditOf('me.link', row.id, person),
        answer: undefined,
        taken: 'Another user comes by this account of the provider.',
      };
    });
  }

  /** A session, for who is known there or becomes a user by it. */
  private async open(visitor: Visitor, person: OidcPerson): Promise<OpenedSession> {
    const { store, deeds, clock, random } = this.ports;
    const subject = subjectOf(person);
    const doer = { name: `oidc:${person.username.slice(0, 60)}`, address: visitor.address, idempotency: null };
    const secret = await deeds.do(doer, async (): Promise<Deed<string>> => {
      const id = await store.holder('user.subject', subject);
      const known = id === null ? null : await store.get('user', id);
      if (known && !known.active) throw refused('deactivated', 'You are deactivated.', 'Ask an administrator.');
      const groups = await this.groupsOf(person, known?.groups ?? []);
      const user = known ? changed(known, groups) : await this.made(person, groups);
      const opened = newSession(user.id, visitor, random, clock.now());
      return {
        expect: [{ kind: 'user', id: user.id, version: known?.version ?? 0 }],
        unique: known
          ? []
          : [userName(user), userEmail(user), ...userSubject(user)].map((name) => claim(name, user.id)),
        writes: [
          { put: 'user', row: user },
          { put: 'session', row: opened.row },
        ],
        log: [{ stream: 'events', kind: 'user', id: user.id, op: 'put' }],
        audit: auditOf(known ? 'session.start' : 'user.join', user.id, person),
        answer: opened.secret,
        taken: 'Somebody else took the name or the e-mail address of this account.',
      };
    });
    return { secret, lifeMs: SESSION_LIFE_MS };
  }

  private async made(person: OidcPerson, groups: readonly string[]): Promise<NewRow<'user'>> {
    const { store, config, newId, clock, timezone } = this.ports;
    const { email } = person;
    if (!config.createUsers) {
      throw refused(
        'no-user',
        'No user here belongs to this account.',
        'Sign in by password and link it in your profile.',
      );
    }
    if (emailProblem(email) !== null) {
      throw refused(
        'no-email',
        'The provider says no e-mail address of you.',
        'Ask an administrator to make a user and link it.',
      );
    }
    // never by e-mail: whoever can choose an address at the provider would be that user here
    const { scope, value } = userEmail({ email });
    if ((await store.holder(scope, value)) !== null) {
      throw refused(
        'email-taken',
        'A user here has your e-mail address.',
        'Sign in by password and link the account in your profile.',
      );
    }
    const username = await this.freeName(person);
    const about = { id: newId(), username, email, passwordHash: '', role: 'user' as const, timezone };
    return { ...NEW_USER, ...about, subject: subjectOf(person), groups, createdAt: clock.now() };
  }

  private async freeName({ username, email }: OidcPerson): Promise<string> {
    const wanted = (username === '' ? email : username).split('@')[0] ?? '';
    const base = wanted
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .replaceAll(/^[^A-Za-z]+|-+$/g, '')
      .slice(0, 40);
    const first = usernameProblem(base) === null ? base : 'user';
    for (let count = 1; count <= MOST_NAMES; count += 1) {
      const tried = count === 1 ? first : `${first}-${count}`;
      const { scope, value } = userName({ username: tried });
      if ((await this.ports.store.holder(scope, value)) === null) return tried;
    }
    throw refused(
      'names-taken',
      `${MOST_NAMES} users are called ${first}.`,
      'Ask an administrator to make a user and link it.',
    );
  }

  /** Groups of this server that the claim names; those that they had where it names none at all. */
  private async groupsOf({ groups }: OidcPerson, present: readonly string[]): Promise<readonly string[]> {
    if (groups === null) return present;
    const { store } = this.ports;
    const ids = await Promise.all(
      groups.slice(0, 500).map((name) => store.holder(groupName({ name }).scope, groupName({ name }).value)),
    );
    return [...new Set(ids.filter((id) => id !== null))].sort();
  }

  private provider(): OidcProvider {
    const { provider } = this.ports;
    if (provider) return provider;
    throw new KnotError('resource.not_found', 'No provider is set up here.', 'server.oidc in knot.yaml names one.');
  }
}

/** The pair and nothing else; hashed, so that it fits an index whatever its length. */
function subjectOf({ issuer, subject }: OidcPerson): string {
  return sha256Hex(JSON.stringify([issuer, subject]));
}

function names(row: NewRow<'user'>, how: typeof claim | typeof release) {
  return userSubject(row).map((name) => how(name, row.id));
}

function changed({ version: _, ...row }: UserRow, groups: readonly string[]): NewRow<'user'> {
  return { ...row, groups };
}

function refused(problem: SignInProblem, message: string, hint: string): KnotError {
  return new KnotError('access.denied', message, hint, { problem });
}

/** The call of who began the link. */
function own(call: Call | null, linkTo: string): Call {
  if (call?.actor.id === linkTo) return call;
  const problem: SignInProblem = 'other-user';
  throw new KnotError('auth.required', 'You are not signed in as who began this.', 'Sign in and begin anew.', {
    problem,
  });
}

function problemOf(thrown: unknown): SignInProblem {
  const { code, details } = toKnotError(thrown);
  // a name, an address or the account was taken in this very moment
  if (code === 'resource.exists') return 'account-taken';
  return signInProblem(typeof details['problem'] === 'string' ? details['problem'] : null) ?? 'failed';
}

function auditOf(action: string, id: string, { issuer, username, groups }: OidcPerson): Deed<unknown>['audit'] {
  return { action, subjectKind: 'user', subjectId: id, details: { issuer, username, groups } };
}
