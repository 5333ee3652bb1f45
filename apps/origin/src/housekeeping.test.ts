import { randomBytes } from 'node:crypto';
import { createLogger, createUuidV7 } from '@knot/shared';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AuditSeals } from './audit/audit-seals.js';
import { ChainStore } from './audit/chain-store.js';
import { Refusals } from './audit/refusals.js';
import { Deeds } from './deeds/deeds.js';
import { Housekeeping } from './housekeeping.js';
import { Passwords } from './identity/passwords.js';
import { Proofs } from './identity/proofs.js';
import { TestOrigin, type Ask } from './testing/test-origin.js';
import { OfferSweep } from './offers/offer-sweep.js';
import { LeaderLease } from './origins/leader-lease.js';
import { UserDeletion } from './users/user-deletion.js';
import { Users } from './users/users.js';

let test: TestOrigin;
let admin: Ask;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
});

afterEach(() => test.close());

it('forgets what is over and keeps what is used', async () => {
  const { store } = test.origin;
  await test.liveLocation();
  const body = { name: 't', platform: 'nomad', job: 'one' };
  const { body: template } = await admin('POST', '/api/v1/templates', {
    body,
    headers: { 'idempotency-key': 'k' },
  });
  const { body: space } = await admin('POST', '/api/v1/spaces', { body: { name: 'dev', templateId: template.id } });
  await admin('POST', `/api/v1/spaces/${space.id}/start`);
  const first = (await store.get('space', space.id))?.snapshotHash ?? '';
  await admin('PUT', `/api/v1/templates/${template.id}`, { body: { name: 't', job: 'two' } });
  await admin('POST', `/api/v1/spaces/${space.id}/update`);
  const second = (await store.get('space', space.id))?.snapshotHash ?? '';
  expect(await store.count('idempotency', {})).toBe(1);

  const { body: made } = await admin('POST', '/api/v1/tokens', { body: { name: 'cli', scopes: ['*'] } });
  await test.as({ authorization: `Bearer ${made.token}` })('GET', '/api/v1/me');

  test.pass(8 * 24 * 3_600_000);
  await housekeeping().sweep();
  expect(await store.get('snapshot', first)).toBeNull();
  expect(await store.get('snapshot', second)).not.toBeNull();
  expect(await store.count('session', {})).toBe(0);
  expect(await store.count('idempotency', {})).toBe(0);
  expect(await store.count('audit', {})).toBeGreaterThan(0);
  test.pass(90 * 24 * 3_600_000);
  await housekeeping().sweep();
  expect(await store.count('audit', {})).toBe(0);
  expect((await store.get('space', space.id))?.want).toBe('running');
});

it('goes on with the deletion of a user that was cut off', async () => {
  const { store } = test.origin;
  await test.liveLocation();
  const { body: template } = await admin('POST', '/api/v1/templates', {
    body: { name: 't', platform: 'nomad', job: 'x' },
  });
  const password = 'a long enough one';
  const bob = { username: 'bob', email: 'bob@example.com', password };
  const { id, version } = (await admin('POST', '/api/v1/users', { body: bob })).body;
  const ask = await test.signIn('bob', password);
  await ask('POST', '/api/v1/spaces', { body: { name: 'dev', templateId: template.id } });
  const row = await store.get('user', id);
  if (!row) throw new Error('no user');
  const { version: _, ...rest } = row;
  await store.commit({
    expect: [{ kind: 'user', id, version }],
    writes: [{ put: 'user', row: { ...rest, active: false, deletionRequestedAt: 1 } }],
  });
  await housekeeping().sweep();
  expect(await store.count('space', {})).toBe(0);
  expect(await store.get('user', id)).toBeNull();
});

function housekeeping(): Housekeeping {
  const { store } = test.origin;
  const { clock } = test;
  const newId = createUuidV7(clock, randomBytes);
  const logger = createLogger({ level: 'error', name: 'test', destination: { write: () => undefined } });
  const deeds = new Deeds(store, clock, newId);
  return new Housekeeping({
    store,
    clock,
    logger,
    seals: new AuditSeals({ store, clock, chain: new ChainStore(store, test.origin.keys) }),
    refusals: new Refusals(store, clock, newId, logger),
    proofs: new Proofs(store, clock),
    users: new Users({ store, clock, newId, deeds, passwords: new Passwords(), timezone: 'UTC' }),
    userDeletion: new UserDeletion({ store, clock, newId, deeds }),
    offerSweep: new OfferSweep(store),
    leader: new LeaderLease(store, clock, newId(), 'housekeeping'),
    auditRetention: 90,
  });
}
