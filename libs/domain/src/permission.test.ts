import { describe, expect, it } from 'vitest';
import { ACTIONS, ACTION_NAMES, FRESH_MS, actionsOf, holds, may, type Actor, type TokenScope } from './permission.js';
import { ALL_PERMISSIONS, lackedOf, permissionsOf, type Permission } from './permissions.js';

const NOW = 1_800_000_000_000;

function actor(permissions: readonly Permission[], scopes?: readonly TokenScope[]): Actor {
  const via = scopes ? 'token' : 'session';
  const role = permissions === ALL_PERMISSIONS ? 'administrator' : 'user';
  const provedAt = scopes ? 0 : NOW;
  return { id: 'me', username: 'me', role, permissions, groups: [], via, scopes: scopes ?? ['*'], provedAt };
}

const administrator = (scopes?: readonly TokenScope[]) => actor(ALL_PERMISSIONS, scopes);
const user = (scopes?: readonly TokenScope[]) => actor(['spaces.use'], scopes);
const granted = (who: Actor | null, subject?: { ownerId: string }) =>
  ACTION_NAMES.filter((action) => may(who, action, NOW, subject).granted);

describe('may', () => {
  it('lets nobody who is not signed in do more than what is open to anyone', () => {
    expect(granted(null).filter((action) => ACTIONS[action].who !== 'anyone')).toEqual([]);
  });

  it('lets an administrator with a session do everything', () => {
    expect(granted(administrator(), { ownerId: 'other' })).toEqual(ACTION_NAMES);
  });

  it('hides what belongs to others from a user, and grants the same for their own', () => {
    expect(may(user(), 'space.start', NOW, { ownerId: 'me' })).toEqual({ granted: true });
    expect(may(user(), 'space.start', NOW, { ownerId: 'other' })).toMatchObject({ granted: false, why: 'hidden' });
  });

  it('tells whoever may see a space what they lack to act on it', () => {
    const viewer = actor(['spaces.use', 'spaces.see']);
    expect(may(viewer, 'space.read', NOW, { ownerId: 'other' }).granted).toBe(true);
    expect(may(viewer, 'space.stop', NOW, { ownerId: 'other' })).toMatchObject({ why: 'role' });
    expect(may(actor(['spaces.manage']), 'space.stop', NOW, { ownerId: 'other' }).granted).toBe(true);
  });

  it('lets somebody without any permission see their own spaces and act on none', () => {
    expect(may(actor([]), 'space.read', NOW, { ownerId: 'me' }).granted).toBe(true);
    expect(may(actor([]), 'space.start', NOW, { ownerId: 'me' })).toMatchObject({ why: 'role' });
    expect(may(actor([]), 'space.create', NOW)).toMatchObject({ why: 'role' });
  });

  it.each(ALL_PERMISSIONS)('opens something by %s that nobody has without it', (permission) => {
    const more = granted(actor([permission]), { ownerId: 'other' });
    const own = granted(actor([permission]));
    const none = new Set([...granted(actor([]), { ownerId: 'other' }), ...granted(actor([]))]);
    expect([...more, ...own].filter((action) => !none.has(action))).not.toEqual([]);
  });

  it('lets a reading token change nothing', () => {
    const token = administrator(['read']);
    const changing = granted(token, { ownerId: 'me' }).filter((action) => ACTIONS[action].scope !== 'read');
    expect(changing).toEqual([]);
    expect(may(token, 'user.list', NOW).granted).toBe(true);
  });

  it('lets a token for spaces reach its user’s own spaces only, an administrator’s too', () => {
    const token = administrator(['spaces']);
    expect(may(token, 'space.start', NOW, { ownerId: 'me' }).granted).toBe(true);
    expect(may(token, 'space.read', NOW, { ownerId: 'other' })).toMatchObject({ why: 'hidden' });
    expect(may(token, 'space.of-others', NOW).granted).toBe(false);
    expect(may(token, 'user.list', NOW).granted).toBe(false);
    expect(ALL_PERMISSIONS.filter((permission) => holds(token, permission))).toEqual(['spaces.use']);
  });

  it('wants a password proved a short while ago for a new token, and takes no token for it', () => {
    const stale = { ...user(), provedAt: NOW - FRESH_MS - 1 };
    expect(may(user(), 'token.create', NOW).granted).toBe(true);
    expect(may(stale, 'token.create', NOW)).toMatchObject({ why: 'stale' });
    expect(may(user(['*']), 'token.create', NOW)).toMatchObject({ why: 'scope' });
    expect(actionsOf(user(), NOW)).toContain('token.create');
    expect(actionsOf(user(['*']), NOW)).not.toContain('token.create');
  });
});

describe('permissions of roles', () => {
  const auditor = { id: 'r1', name: 'Auditor', permissions: ['audit.see', 'spaces.see', 'of.tomorrow'] };

  it('are those of all roles, each with where it comes from', () => {
    const held = permissionsOf({ role: 'user', roles: ['user', 'r1', 'gone'] }, [auditor]);
    expect(held).toEqual([
      { permission: 'spaces.use', from: ['User'] },
      { permission: 'spaces.share', from: ['User'] },
      { permission: 'spaces.transfer', from: ['User'] },
      { permission: 'spaces.see', from: ['Auditor'] },
      { permission: 'audit.see', from: ['Auditor'] },
    ]);
    expect(permissionsOf({ role: 'user', roles: [] }, [auditor])).toEqual([]);
    expect(permissionsOf({ role: 'administrator', roles: [] }, []).map(({ permission }) => permission)).toEqual(
      ALL_PERMISSIONS,
    );
  });

  it('are given away only by those who have them', () => {
    expect(lackedOf(['audit.see'], ['audit.see', 'server.manage', 'of.tomorrow'])).toEqual([
      'server.manage',
      'of.tomorrow',
    ]);
  });
});
