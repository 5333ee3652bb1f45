import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { VirtualClock } from '@knot/drivers/fake';
import { describe, expect, it } from 'vitest';
import { MetSince, SKEW_MS } from './met-since.js';
import { Tickets } from './tickets.js';

const pair = generateKeyPairSync('ed25519');
const keys = { k1: pair.publicKey.export({ format: 'jwk' }).x ?? '' };
const clock = new VirtualClock();

/** A process of the leaf that has heard the origin's time. */
function started(): { readonly tickets: Tickets; readonly met: MetSince } {
  const met = new MetSince(clock);
  met.tell(clock.now());
  return { tickets: new Tickets('lon', () => keys, met, clock), met };
}

function ticket(change: object = {}, key: KeyObject = pair.privateKey): string {
  const until = clock.now() + 60_000;
  const claims = {
    key: 'k1',
    id: crypto.randomUUID(),
    location: 'lon',
    space: 's',
    user: 'u',
    action: 'terminal',
    until,
  };
  const body = Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url');
  return `${body}.${sign(null, Buffer.from(body), key).toString('base64url')}`;
}

const { tickets } = started();

describe('a ticket', () => {
  it('is good once, for its space', () => {
    const good = ticket();
    expect(tickets.use(good, 's', 'terminal')).toMatchObject({ user: 'u', action: 'terminal' });
    expect(() => tickets.use(good, 's', 'terminal')).toThrow('used before');
  });

  it('is good a minute, and as much again for clocks that differ', async () => {
    const [soon, late] = [ticket(), ticket()];
    await clock.advance(110_000);
    expect(tickets.use(soon, 's', 'terminal').space).toBe('s');
    await clock.advance(20_000);
    expect(() => tickets.use(late, 's', 'terminal')).toThrow('run out');
  });

  it('is not good again once the leaf was started anew', async () => {
    const [used, unused] = [ticket(), ticket()];
    tickets.use(used, 's', 'terminal');
    await clock.advance(1);
    const anew = started();
    for (const before of [used, unused]) expect(() => anew.tickets.use(before, 's', 'terminal')).toThrow('before');
    expect(anew.tickets.use(ticket(), 's', 'terminal')).toMatchObject({ user: 'u' });
  });

  it('is not good again at a leaf that takes over from another', async () => {
    const other = started();
    await clock.advance(600_000);
    const [used, late] = [ticket(), ticket()];
    tickets.use(used, 's', 'terminal');
    await clock.advance(1);
    other.met.begin();
    expect(() => other.tickets.use(used, 's', 'terminal')).toThrow('before');
    expect(other.tickets.use(ticket(), 's', 'terminal')).toMatchObject({ user: 'u' });
    expect(tickets.use(late, 's', 'terminal')).toMatchObject({ user: 'u' });
  });

  it('is good at a leaf that cannot ask its origin for the time, once no clock can make it one of before', async () => {
    const parted = new Tickets('lon', () => keys, new MetSince(clock), clock);
    const early = ticket();
    await clock.advance(SKEW_MS - 1);
    expect(() => parted.use(early, 's', 'terminal')).toThrow('before');
    await clock.advance(1);
    expect(parted.use(ticket(), 's', 'terminal')).toMatchObject({ user: 'u' });
  });

  it('is good where the clock of the origin was put back since, after three minutes', async () => {
    const met = new MetSince(clock);
    met.tell(clock.now() + 3_600_000);
    const late = new Tickets('lon', () => keys, met, clock);
    expect(() => late.use(ticket(), 's', 'terminal')).toThrow('before');
    await clock.advance(180_000);
    expect(late.use(ticket(), 's', 'terminal')).toMatchObject({ user: 'u' });
  });

  it.each([
    ['of another location', () => ticket({ location: 'par' })],
    ['of another space', () => ticket({ space: 'other' })],
    ['signed by another key', () => ticket({}, generateKeyPairSync('ed25519').privateKey)],
    ['of an unknown key', () => ticket({ key: '__proto__' })],
    ['for an unknown action', () => ticket({ action: 'everything' })],
    ['that was changed', () => `x${ticket()}`],
    ['that is none', () => 'a.b'],
    ['that is far too long', () => `${'a'.repeat(5_000)}.b`],
  ])('%s is refused', (_what, make) => {
    expect(() => tickets.use(make(), 's', 'terminal')).toThrow('not for this space');
  });
});
