import { describe, expect, it } from 'vitest';
import { ACTIONS, FRESH_MS, may, type Action, type Actor, type TokenScope } from './permission.js';

const NOW = 1_800_000_000_000;

function actor(role: Actor['role'], scopes?: readonly TokenScope[]): Actor {
  const via = scopes ? 'token' : 'session';
  return { id: 'me', username: 'me', role, via, scopes: scopes ?? ['*'], provedAt: scopes ? 0 : NOW };
}

const all = Object.keys(ACTIONS) as Action[];
const granted = (who: Actor | null, subject?: { ownerId: string }) =>
  all.filter((action) => may(who, action, NOW, subject).granted);

describe('may', () => {
  it('lets nobody who is not signed in do more than what is open to anyone', () => {
    expect(granted(null).filter((action) => ACTIONS[action].who !== 'anyone')).toEqual([]);
  });

  it('lets an administrator with a session do everything', () => {
    expect(granted(actor('administrator'), { ownerId: 'other' })).toEqual(all);
  });

  it('hides what belongs to others from a user, and grants the same for their own', () => {
    const user = actor('user');
    expect(may(user, 'space.start', NOW, { ownerId: 'me' })).toEqual({ granted: true });
    expect(may(user, 'space.start', NOW, { ownerId: 'other' })).toMatchObject({ granted: false, why: 'hidden' });
    expect(granted(user).filter((action) => ACTIONS[action].who === 'administrator')).toEqual([]);
  });

  it('lets a reading token change nothing', () => {
    const token = actor('administrator', ['read']);
    const changing = granted(token, { ownerId: 'me' }).filter((action) => ACTIONS[action].scope !== 'read');
    expect(changing).toEqual([]);
    expect(may(token, 'user.list', NOW).granted).toBe(true);
  });

  it('lets a token for spaces reach its user’s own spaces only, an administrator’s too', () => {
    const token = actor('administrator', ['spaces']);
    expect(may(token, 'space.start', NOW, { ownerId: 'me' }).granted).toBe(true);
    expect(may(token, 'space.read', NOW, { ownerId: 'other' })).toMatchObject({ why: 'hidden' });
    expect(may(token, 'space.of-others', NOW).granted).toBe(false);
    expect(may(token, 'user.list', NOW).granted).toBe(false);
  });

  it('wants a password proved a short while ago for a new token, and takes no token for it', () => {
    const stale = { ...actor('user'), provedAt: NOW - FRESH_MS - 1 };
    expect(may(actor('user'), 'token.create', NOW).granted).toBe(true);
    expect(may(stale, 'token.create', NOW)).toMatchObject({ why: 'stale' });
    expect(may(actor('user', ['*']), 'token.create', NOW)).toMatchObject({ why: 'scope' });
  });
});
