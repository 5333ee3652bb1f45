import { randomBytes } from 'node:crypto';
import { deriveKeyRing, Secret, type KeyRing } from '@knot/shared';
import type { Commit, Store, VariableRow } from '@knot/shared/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';
import { rekey } from './rekey.js';
import { SEALED_FIELDS } from './sealed-fields.js';

const FORMER = 'the-former-key-of-the-tests';
const PRESENT = 'the-present-key-of-the-tests';

const ringOf = (...texts: string[]): Promise<KeyRing> =>
  deriveKeyRing(
    texts.map((text) => new Secret(text)),
    randomBytes,
  );

describe('another key', () => {
  const env: Record<string, string> = {};
  let test: TestOrigin;
  let admin: Ask;

  beforeEach(async () => {
    Object.assign(env, { KNOT_ENCRYPT: FORMER, KNOT_ENCRYPT_KEYS: '' });
    test = await TestOrigin.open(env);
    admin = await test.admin();
    const variable = { name: 'SECRET', value: 'planted-value', protected: true };
    const made = await admin('POST', '/api/v1/variables', { body: variable });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  });

  afterEach(() => test.close());

  const restart = async (present: string, former = '') => {
    await test.origin.close();
    Object.assign(env, { KNOT_ENCRYPT: present, KNOT_ENCRYPT_KEYS: former });
    await test.start();
  };

  const variable = async (store: Store): Promise<VariableRow | undefined> =>
    (await store.page('variable', { limit: 5 })).rows[0];

  /** The kinds of which something is not sealed with the first key of a ring. */
  const underOthers = async (ring: KeyRing): Promise<readonly string[]> => {
    const kinds: string[] = [];
    for (const { kind, left } of await leftOf(test.origin.store, ring)) if (left > 0) kinds.push(kind);
    return kinds;
  };

  it('takes over while the origin serves, and then the former may go; neither alone is enough before', async () => {
    const ring = await ringOf(PRESENT);
    expect(await underOthers(ring)).toContain('variable');
    await expect(restart(PRESENT)).rejects.toMatchObject({ code: 'config.invalid' });
    await restart(PRESENT, FORMER);
    await expect
      .poll(() => test.lines.join(), { timeout: 60_000 })
      .toContain('the former ones may leave server.encrypt_keys');
    expect(await underOthers(ring)).toEqual([]);
    await expect(restart(FORMER)).rejects.toMatchObject({ code: 'config.invalid' });
    await restart(PRESENT);
    expect((await variable(test.origin.store))?.value).toMatch(/^k1\./);
  }, 120_000);

  it('leaves what somebody changes at the same moment for another round', async () => {
    const keys = await ringOf(PRESENT, FORMER);
    const { store } = test.origin;
    let disturbed = false;
    const commit = async (wanted: Commit) => {
      const before = await variable(store);
      if (!disturbed && before !== undefined && wanted.expect.some(({ kind }) => kind === 'variable')) {
        disturbed = true;
        const { version: _, ...row } = before;
        await store.commit({ expect: [], writes: [{ put: 'variable', row: { ...row, updatedAt: 7 } }] });
      }
      return store.commit(wanted);
    };
    const disturbing: Parameters<typeof rekey>[0]['store'] = {
      get: (kind, id) => store.get(kind, id),
      page: (kind, request) => store.page(kind, request),
      commit,
    };
    const told: number[] = [];
    const count = await rekey({ store: disturbing, keys, progress: (values) => told.push(values) });
    expect(told).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    const after = await variable(store);
    expect(after?.updatedAt).toBe(7);
    expect(keys.isCurrent(after?.value ?? '')).toBe(true);
  });
});

async function leftOf(store: Store, ring: KeyRing): Promise<{ kind: string; left: number }[]> {
  const { variable, secret, snapshot } = SEALED_FIELDS;
  const count = (texts: readonly string[]) => texts.filter((text) => text !== '' && !ring.isCurrent(text)).length;
  const [variables, secrets, snapshots] = await Promise.all([
    store.page('variable', { limit: 500 }),
    store.page('secret', { limit: 500 }),
    store.page('snapshot', { limit: 500 }),
  ]);
  return [
    { kind: 'variable', left: count(variables.rows.map((row) => variable.of(row))) },
    { kind: 'secret', left: count(secrets.rows.map((row) => secret.of(row))) },
    { kind: 'snapshot', left: count(snapshots.rows.map((row) => snapshot.of(row))) },
  ];
}
