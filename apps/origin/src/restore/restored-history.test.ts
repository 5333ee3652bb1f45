import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Proofs } from '../identity/proofs.js';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

let test: TestOrigin;
let session: Ask;
let token: Ask;

beforeEach(async () => {
  test = await TestOrigin.open();
  session = await test.admin();
  token = await tokenOf(session);
});

afterEach(() => test.close());

async function tokenOf(ask: Ask): Promise<Ask> {
  const { body } = await ask('POST', '/api/v1/tokens', { body: { name: 'ci', scopes: ['*'] } });
  return test.as({ authorization: `Bearer ${body.token}` });
}

/** As when a copy of the database comes from elsewhere: nothing beside it vouches for it. */
async function startRestored(): Promise<void> {
  await test.origin.close();
  const names = await readdir(test.folder, { recursive: true });
  for (const name of names.filter((one) => one.endsWith('knot.db.mark'))) await rm(join(test.folder, name));
  await test.start();
}

const status = async (ask: Ask) => (await ask('GET', '/api/v1/me')).status;

describe('an older database that was put back', () => {
  it('ends every session, and suspends the tokens of before and no other', async () => {
    await startRestored();
    expect(await status(session)).toBe(401);
    expect((await token('GET', '/api/v1/me')).body).toMatchObject({
      code: 'auth.failed',
      detail: expect.stringContaining('put back from a backup'),
      hint: expect.stringContaining('administrator'),
    });
    const again = await test.signIn('ann');
    expect(await status(again)).toBe(200);
    expect(await status(await tokenOf(again))).toBe(200);
    expect(await status(test.as({ authorization: 'Bearer knt_wrong' }))).toBe(401);
  });

  it('leaves nothing open that was opened by a token of before', async () => {
    const { id } = (await session('GET', '/api/v1/tokens')).body.items[0];
    const again = async () => (await new Proofs(test.origin.store, test.clock).again(id))?.actor.username ?? null;
    expect(await again()).toBe('ann');
    await startRestored();
    expect(await again()).toBeNull();
    await (
      await test.signIn('ann')
    )('POST', '/api/v1/restore/accept');
    expect(await again()).toBe('ann');
  });

  it('is told in the log and on the health page until an administrator has accepted it', async () => {
    await startRestored();
    expect(test.lines.join()).toContain('put back from a backup');
    const again = await test.signIn('ann');
    const findings = async () => (await again('GET', '/api/v1/health')).body.findings;
    expect(await findings()).toMatchObject([{ level: 'error', message: expect.stringContaining('restore/accept') }]);
    expect((await again('POST', '/api/v1/restore/accept')).status).toBe(204);
    expect(await findings()).toEqual([]);
    expect(await status(token)).toBe(200);
    expect((await again('POST', '/api/v1/restore/accept')).body.code).toBe('state.refused');
    const { items } = (await again('GET', '/api/v1/audit')).body;
    const actions = items.map(({ action, actor }: { action: string; actor: string }) => `${actor} ${action}`);
    expect(actions).toEqual(expect.arrayContaining(['system restore.notice', 'ann restore.accept']));
  });

  it('is accepted by no user, and stays suspended over a restart', async () => {
    const password = 'a long enough one';
    await session('POST', '/api/v1/users', { body: { username: 'bob', email: 'b@x.y', password } });
    await startRestored();
    const bob = await test.signIn('bob', password);
    expect((await bob('POST', '/api/v1/restore/accept')).body.code).toBe('access.denied');
    await test.origin.close();
    await test.start();
    expect(await status(bob)).toBe(200);
    expect(await status(token)).toBe(401);
  });

  it('hands out no term that was had in the history that is gone, and none before its leases have run out', async () => {
    const { store } = test.origin;
    const location = { builtIn: false, instances: [], policy: { drivers: [], hostVolumes: [] }, createdAt: 1 };
    const names = ['berlin', 'oslo'];
    await store.commit({
      expect: [],
      writes: [
        ...names.map((id) => ({ put: 'location' as const, row: { ...location, id, tokenHash: '' } })),
        { put: 'lease', row: { id: 'berlin', holder: 'leaf', instance: 'one', term: 1_900_000_000, renewedAt: 5 } },
      ],
    });
    const before = await store.now();
    const second = Math.floor((before - Date.UTC(2020)) / 1_000);
    await startRestored();
    const held = await test.origin.store.getMany('lease', names);
    const nobodys = { holder: '', instance: '' };
    const [berlin, oslo] = held.toSorted((a, b) => a.id.localeCompare(b.id));
    expect(berlin).toMatchObject({ id: 'berlin', ...nobodys, term: 1_900_000_001 });
    expect(oslo).toMatchObject({ id: 'oslo', ...nobodys });
    expect(oslo?.term).toBeGreaterThanOrEqual(second);
    expect(oslo?.term).toBeLessThan(second + 600);
    for (const { renewedAt } of held) expect(renewedAt).toBeGreaterThanOrEqual(before);
    await test.origin.close();
    await test.start();
    expect(await test.origin.store.getMany('lease', names)).toEqual(held);
  });

  it('is dealt with by the next start when the first one died in it', async () => {
    const { store } = test.origin;
    const { epoch } = await store.head('events');
    await store.commit({ expect: [], writes: [{ delete: 'guard', id: `epoch:${epoch}` }] });
    await test.origin.close();
    await test.start();
    expect([await status(session), await status(token)]).toEqual([401, 401]);
  });
});

it('a restart on the same database keeps sessions and tokens', async () => {
  await test.origin.close();
  await test.start();
  expect([await status(session), await status(token)]).toEqual([200, 200]);
});
