import { describe, expect, it } from 'vitest';
import type { Actor } from './permission.js';
import { ALL_PERMISSIONS } from './permissions.js';
import { approvedBySaving, protectedUse } from './protected-use.js';

const secret = { protected: true, templates: ['t1'] };
const ann: Actor = {
  id: 'a',
  username: 'ann',
  role: 'administrator',
  permissions: ALL_PERMISSIONS,
  groups: [],
  via: 'session',
  scopes: ['*'],
  provedAt: 0,
};

describe('the value of a protected variable', () => {
  it('goes to approved versions of the templates it names, to no other', () => {
    expect(protectedUse(secret, { templateId: 't1', approvedBy: 'ann' })).toBe('granted');
    expect(protectedUse(secret, { templateId: 't2', approvedBy: 'ann' })).toBe('not-named');
    expect(protectedUse(secret, { templateId: 't1', approvedBy: '' })).toBe('not-approved');
    expect(protectedUse({ ...secret, templates: [] }, { templateId: 't1', approvedBy: 'ann' })).toBe('not-named');
  });

  it('is nothing special while the variable is not protected', () => {
    expect(protectedUse({ protected: false, templates: [] }, { templateId: 't2', approvedBy: '' })).toBe('granted');
  });
});

describe('saving a version', () => {
  it('approves it when its author may approve, and not otherwise', () => {
    expect(approvedBySaving(ann, 0)).toBe('ann');
    expect(approvedBySaving({ ...ann, role: 'user', permissions: ['templates.manage'] }, 0)).toBe('');
    expect(approvedBySaving({ ...ann, via: 'token', scopes: ['read'] }, 0)).toBe('');
  });
});
