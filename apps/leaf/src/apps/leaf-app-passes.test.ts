import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { APP_COOKIE_MS, APP_PASS_CONTEXT, APP_TICKET_MS, type AppPass } from '@knot/contract';
import { VirtualClock } from '@knot/drivers/fake';
import { describe, expect, it } from 'vitest';
import { MetSince, SKEW_MS } from '../bytes/met-since.js';
import { LeafAppPasses } from './leaf-app-passes.js';

const pair = generateKeyPairSync('ed25519');
const due = { host: 'ada--work--8080.apps.test', space: 's' };
const clock = new VirtualClock();

function leaf(secrets = new Map<string, string>()): LeafAppPasses {
  const store = {
    secret: async (name: string) => secrets.get(name) ?? null,
    putSecret: async (name: string, value: string) => void secrets.set(name, value),
  };
  const keys = () => ({ k1: pair.publicKey.export({ format: 'jwk' }).x ?? '' });
  const met = new MetSince(clock);
  met.tell(clock.now());
  return new LeafAppPasses({ keys, store, met, random: randomBytes, clock });
}

function passOf(change: Partial<AppPass> = {}): AppPass {
  const who = { session: 'p', user: 'u', group: false, local: false };
  return { kind: 'ticket', id: crypto.randomUUID(), ...due, ...who, until: clock.now() + APP_TICKET_MS, ...change };
}

function ticket(change: Partial<AppPass> = {}, key: KeyObject = pair.privateKey, context = APP_PASS_CONTEXT): string {
  const body = Buffer.from(JSON.stringify(passOf(change))).toString('base64url');
  return `${body}.${sign(null, Buffer.from(context + body), key).toString('base64url')}`;
}

describe('a ticket for an app', () => {
  it('is good once', () => {
    const [passes, good] = [leaf(), ticket()];
    expect(passes.ticket(good, due)).toMatchObject({ user: 'u', space: 's' });
    expect(passes.ticket(good, due)).toBeNull();
  });

  it('is not good again once the leaf was started anew', async () => {
    const good = ticket();
    expect(leaf().ticket(good, due)).not.toBeNull();
    await clock.advance(1);
    expect(leaf().ticket(good, due)).toBeNull();
    expect(leaf().ticket(ticket(), due)).not.toBeNull();
  });

  it('is good a minute, and as much again for clocks that differ', async () => {
    const [passes, soon, late] = [leaf(), ticket(), ticket()];
    await clock.advance(APP_TICKET_MS + SKEW_MS - 1);
    expect(passes.ticket(soon, due)).not.toBeNull();
    await clock.advance(1);
    expect(passes.ticket(late, due)).toBeNull();
  });

  it.each([
    ['for another port', () => ticket({ host: 'ada--work--9090.apps.test' })],
    ['for another space that took the name over', () => ticket({ space: 'other' })],
    ['that is a cookie', () => ticket({ kind: 'cookie' })],
    ['signed by another key', () => ticket({}, generateKeyPairSync('ed25519').privateKey)],
    ['signed as something else', () => ticket({}, pair.privateKey, '')],
    ['that was changed', () => `x${ticket()}`],
    ['that is none', () => 'a.b'],
  ])('%s is refused', (_what, make) => {
    expect(leaf().ticket(make(), due)).toBeNull();
  });
});

describe('the cookie for an app', () => {
  it('is good for twelve hours, also at the same leaf once it was started again', async () => {
    const secrets = new Map<string, string>();
    const cookie = await leaf(secrets).cookie(passOf());
    await clock.advance(APP_COOKIE_MS - 1);
    expect(await leaf(secrets).ofCookie(cookie, due)).toMatchObject({ kind: 'cookie', user: 'u' });
    await clock.advance(1);
    expect(await leaf(secrets).ofCookie(cookie, due)).toBeNull();
  });

  it('is good for one port of one space, at the leaf that made it', async () => {
    const passes = leaf();
    const cookie = await passes.cookie(passOf());
    expect(await passes.ofCookie(cookie, { ...due, host: 'ada--work--9090.apps.test' })).toBeNull();
    expect(await passes.ofCookie(cookie, { ...due, space: 'other' })).toBeNull();
    expect(await leaf().ofCookie(cookie, due)).toBeNull();
    expect(await passes.ofCookie(ticket(), due)).toBeNull();
    expect(await passes.ofCookie(cookie, due)).not.toBeNull();
  });
});
