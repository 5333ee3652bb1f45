import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';
import { AuditSeals } from './audit-seals.js';
import { ChainStore } from './chain-store.js';

const MINUTE_MS = 60_000;

let test: TestOrigin;
let admin: Ask;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
});

afterEach(() => test.close());

function seals(): AuditSeals {
  const { store, keys } = test.origin;
  return new AuditSeals({ store, clock: test.clock, chain: new ChainStore(store, keys) });
}

/** Some deeds, and the round of housekeeping that seals them. */
async function sealed(deeds = 3): Promise<void> {
  for (let count = 0; count < deeds; count += 1) {
    await admin('POST', '/api/v1/variables', { body: { name: `v${Math.random().toString(36).slice(2)}`, value: 'x' } });
  }
  test.pass(6 * MINUTE_MS);
  await seals().seal();
}

const check = async () => (await admin('GET', '/api/v1/audit/check')).body;

/** Edits the database behind knot's back. */
async function tamper(sql: string): Promise<void> {
  await test.origin.close();
  const names = await readdir(test.folder, { recursive: true });
  const file = names.find((name) => name.endsWith('knot.db')) ?? '';
  const database = new DatabaseSync(join(test.folder, file));
  expect(database.prepare(sql).run().changes).toBeGreaterThan(0);
  database.close();
  await test.start();
}

describe('the chain over the audit', () => {
  it('seals entries after some minutes, shows it in the list, and holds', async () => {
    await seals().seal();
    expect(await check()).toMatchObject({ ok: true, seals: 0, sealed: 0, unsealed: expect.any(Number) });
    await sealed();
    await sealed();
    await admin('POST', '/api/v1/variables', { body: { name: 'late', value: 'x' } });
    expect(await check()).toMatchObject({ ok: true, seals: 2, unsealed: 1, problems: [] });
    const { items } = (await admin('GET', '/api/v1/audit')).body;
    expect(items.map(({ seal }: { seal: number }) => seal).slice(0, 5)).toEqual([0, 2, 2, 2, 1]);
  });

  it('goes on over a restart', async () => {
    await sealed();
    await test.origin.close();
    await test.start();
    await sealed();
    expect(await check()).toMatchObject({ ok: true, seals: 2 });
  });

  it.each([
    ['an entry was changed', `UPDATE audit SET actor = 'nobody' WHERE seal = 1`, 'An entry of seal 1'],
    [
      'an entry was taken away',
      `DELETE FROM audit WHERE seal = 2 AND rowid % 2 = 0`,
      /Seal 2 covers 3 entries, and \d/,
    ],
    ['an entry was added', `UPDATE audit SET seal = 1 WHERE seal = 2`, 'say so of themselves'],
    ['a seal was taken away', `DELETE FROM audit_seal WHERE number = 1`, 'Seal 1 is missing.'],
    ['the newest were taken away', `DELETE FROM audit_seal WHERE number = 2`, 'Seal 2 is missing.'],
    ['a seal was made anew', `UPDATE audit_seal SET hash = 'ff' WHERE number = 1`, 'Seal 2 does not follow'],
    ['an entry was hung elsewhere', `UPDATE audit SET seal = 99 WHERE seal = 2 AND rowid % 2 = 0`, 'Seal 2 covers'],
    ['the state was forged', `UPDATE secret SET value = 'ff' WHERE id = 'audit.chain'`, 'state of the chain'],
    ['the state was taken away', `DELETE FROM secret WHERE id = 'audit.chain'`, 'name a seal that is not there'],
  ])('tells that %s', async (_, sql, problem) => {
    await sealed();
    await sealed();
    await tamper(sql);
    const { ok, problems } = await check();
    expect(ok).toBe(false);
    expect(problems.join(' ')).toMatch(problem);
  });

  it('holds after the oldest seals were forgotten with their entries', async () => {
    await sealed();
    const before = test.clock.now();
    await sealed();
    await seals().forget(before - 10 * MINUTE_MS);
    expect(await check()).toMatchObject({ ok: true, seals: 2 });
    await seals().forget(before);
    expect(await check()).toMatchObject({ ok: true, seals: 1, sealed: 3 });
    await tamper(`UPDATE audit SET actor = 'nobody' WHERE seal = 2`);
    expect((await check()).ok).toBe(false);
  });

  it('seals many entries in several batches, and of two who seal at once one does nothing', async () => {
    const { store } = test.origin;
    const entry = { at: 1, actor: 'a', action: 'b', subjectKind: '', subjectId: '', location: '', address: '' };
    const writes = Array.from({ length: 1_201 }, (_value, index) => ({
      put: 'audit' as const,
      row: { ...entry, id: `0-${index}`, outcome: 'done' as const, details: { index }, seal: 0 },
    }));
    await store.commit({ expect: [], writes });
    const [one, other] = await Promise.allSettled([seals().seal(), seals().seal()]);
    expect([one.status, other.status].filter((status) => status === 'rejected').length).toBeLessThan(2);
    await seals().seal();
    const seen = await check();
    expect(seen).toMatchObject({ ok: true, unsealed: 0 });
    expect(seen.sealed).toBeGreaterThanOrEqual(1_201);
  });
});
