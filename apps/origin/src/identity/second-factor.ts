import { createHash } from 'node:crypto';
import {
  createToken,
  randomText,
  sealContext,
  sha256Hex,
  type Clock,
  type KeyRing,
  type RandomSource,
} from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { Expectation, NewRow, SecondFactorRow, Store, UserRow, Write } from '@knot/shared/store';
import { assertOver } from '../roles/grants.js';
import { found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import type { OriginSettings } from '../origin-settings.js';
import type { TotpLinkDto, TotpSecretDto } from './second-factor.dto.js';
import { fromBase32, matchingStep, toBase32 } from './totp.js';

const LINK_LIFE_MS = 24 * 60 * 60_000;
const RECOVERY_CODES = 10;

export interface SecondFactorPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly keys: KeyRing;
  readonly settings: OriginSettings;
}

/** The part of a commit that proves somebody by a code, so that the same code proves nobody again. */
export interface CodeProof {
  readonly expect: readonly Expectation[];
  readonly writes: readonly Write[];
}

/** One-time codes of an authenticator app, with recovery codes. */
export class SecondFactor {
  constructor(private readonly ports: SecondFactorPorts) {}

  get compulsory(): boolean {
    return this.ports.settings.totp.enabled;
  }

  async isOn(userId: string): Promise<boolean> {
    const row = await this.ports.store.get('secondFactor', userId);
    return row !== null && row.secret !== '';
  }

  /** What a sign-in commits. Throws `auth.required` (reason totp, totp-enrol) or `auth.failed`. */
  async prove(user: UserRow, code: string): Promise<CodeProof> {
    const row = await this.ports.store.get('secondFactor', user.id);
    if (!row || row.secret === '') {
      if (!this.compulsory) return { expect: [], writes: [] };
      const hint = 'Ask an administrator for a link by which you set one up.';
      throw new KnotError('auth.required', 'Here one signs in with a one-time code too.', hint, {
        reason: 'totp-enrol',
      });
    }
    if (code === '') {
      const hint = 'Send the code that your authenticator shows, or one of your recovery codes.';
      throw new KnotError('auth.required', 'The one-time code is missing.', hint, { reason: 'totp' });
    }
    const next = this.taken(row, code.replace(/[\s-]/g, ''));
    if (!next) throw wrongCode();
    const expect = [{ kind: 'secondFactor' as const, id: row.id, version: row.version }];
    return { expect, writes: [{ put: 'secondFactor', row: next }] };
  }

  /** A link by which a user sets up an authenticator; one that was made before ends. */
  async makeLink(call: Call, userId: string): Promise<TotpLinkDto> {
    const { store, deeds } = this.ports;
    return deeds.do(doerOf(call), async () => {
      const user = found(await store.get('user', userId), 'user');
      if (userId !== call.actor.id) await assertOver(store, call.actor, [user], 'A link for this user');
      const { answer, expect, writes } = await this.link(userId);
      return {
        expect,
        writes,
        audit: { action: 'totp.link', subjectKind: 'user', subjectId: userId },
        answer,
        replay: { ...answer, link: '', url: '' },
      };
    });
  }

  /** The part of a commit that makes a link. */
  async link(userId: string): Promise<CodeProof & { readonly answer: TotpLinkDto }> {
    const { store, random, clock, settings } = this.ports;
    const known = await store.get('secondFactor', userId);
    const link = createToken(random, 'kno');
    const expiresAt = clock.now() + LINK_LIFE_MS;
    const { version = 0, ...row } = known ?? NO_FACTOR;
    return {
      expect: [{ kind: 'secondFactor', id: userId, version }],
      writes: [{ put: 'secondFactor', row: { ...row, id: userId, linkHash: sha256Hex(link), linkUntil: expiresAt } }],
      // behind the hash: it never reaches a server's log or a Referer
      answer: { link, url: new URL(`/enrol#${link}`, settings.url).href, expiresAt },
    };
  }

  /** The secret that a link stands for: known to whoever has the link, and kept nowhere until a code proves it. */
  async secretFor(user: UserRow, link: string): Promise<TotpSecretDto> {
    await this.linked(user, link);
    const { issuer } = this.ports.settings.totp;
    const secret = secretOf(link);
    const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(user.username)}`;
    return { secret, uri: `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}` };
  }

  /** Takes up the authenticator that shows this code; the link has worked then. */
  async enrol(user: UserRow, link: string, code: string, address: string): Promise<string[]> {
    const { deeds, clock, random, keys, settings } = this.ports;
    return deeds.do({ name: user.username, address, idempotency: null }, async () => {
      const { version, ...row } = await this.linked(user, link);
      const secret = secretOf(link);
      const wish = { now: clock.now(), window: settings.totp.window, last: 0 };
      const step = matchingStep(fromBase32(secret), code.replace(/\s/g, ''), wish);
      if (step === null) throw wrongCode();
      const codes = Array.from({ length: RECOVERY_CODES }, () => randomText(10, random).toLowerCase());
      const next: NewRow<'secondFactor'> = {
        ...row,
        secret: keys.sealText(secret, secondFactorContext(user.id)),
        lastStep: step,
        recovery: codes.map(sha256Hex),
        linkHash: '',
        linkUntil: 0,
      };
      return {
        expect: [{ kind: 'secondFactor', id: user.id, version }],
        writes: [{ put: 'secondFactor', row: next }],
        log: [{ stream: 'events', kind: 'user', id: user.id, op: 'put' }],
        audit: { action: 'totp.enrol', subjectKind: 'user', subjectId: user.id },
        answer: codes.map((text) => text.replace(/^.{5}/, '$&-')),
      };
    });
  }

  /** Afterwards the password alone signs in, or, where codes are compulsory, nothing until a link was used. */
  async remove(call: Call, userId: string): Promise<void> {
    const { store, deeds } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const user = found(await store.get('user', userId), 'user');
      if (userId !== call.actor.id) await assertOver(store, call.actor, [user], 'Taking it from this user');
      else if (this.compulsory) {
        throw new KnotError(
          'state.refused',
          'Here everybody signs in with a one-time code.',
          'Make a new link instead.',
        );
      }
      const row = found(await store.get('secondFactor', userId), 'authenticator of this user');
      return {
        expect: [{ kind: 'secondFactor', id: userId, version: row.version }],
        writes: [{ delete: 'secondFactor', id: userId }],
        log: [{ stream: 'events', kind: 'user', id: userId, op: 'put' }],
        audit: { action: 'totp.remove', subjectKind: 'user', subjectId: userId },
        answer: undefined,
      };
    });
  }

  private async linked(user: UserRow, link: string): Promise<SecondFactorRow> {
    const row = await this.ports.store.get('secondFactor', user.id);
    const good = row !== null && row.linkHash === sha256Hex(link) && row.linkUntil > this.ports.clock.now();
    if (good) return row;
    throw new KnotError('auth.failed', 'This link has ended or was used.', 'Ask for a new one.');
  }

  private taken(row: SecondFactorRow, code: string): NewRow<'secondFactor'> | null {
    const { keys, clock, settings } = this.ports;
    const { version: _, ...rest } = row;
    if (!/^\d{6}$/.test(code)) {
      const hash = sha256Hex(code.toLowerCase());
      const recovery = row.recovery.filter((one) => one !== hash);
      return recovery.length < row.recovery.length ? { ...rest, recovery } : null;
    }
    const secret = fromBase32(keys.openText(row.secret, secondFactorContext(row.id)));
    const { window } = settings.totp;
    const step = matchingStep(secret, code, { now: clock.now(), window, last: row.lastStep });
    return step === null ? null : { ...rest, lastStep: step };
  }
}

const NO_FACTOR: Omit<NewRow<'secondFactor'>, 'id'> & { readonly version?: number } = {
  secret: '',
  lastStep: 0,
  recovery: [],
  linkHash: '',
  linkUntil: 0,
};

/** What the secret of one-time codes is sealed for. */
export function secondFactorContext(userId: string): string {
  return sealContext('secondFactor', userId, 'secret');
}

/** 160 bits, as RFC 4226 asks for; a link has 256 of them and is stored hashed by another hash. */
function secretOf(link: string): string {
  return toBase32(createHash('sha256').update(`totp\n${link}`).digest().subarray(0, 20));
}

function wrongCode(): KnotError {
  const hint = 'A code works once and for half a minute; check the clock of the device.';
  return new KnotError('auth.failed', 'The one-time code is not right.', hint);
}
