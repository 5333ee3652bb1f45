import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { VirtualClock } from '@knot/drivers/fake';
import { describe, expect, it } from 'vitest';
import { Tickets } from './tickets.js';

const pair = generateKeyPairSync('ed25519');
const keys = { k1: pair.publicKey.export({ format: 'jwk' }).x ?? '' };
const clock = new VirtualClock();

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

const tickets = new Tickets('lon', () => keys, clock);

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
