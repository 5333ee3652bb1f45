import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createLogger, createUuidV7, systemClock, systemRandom } from '@knot/shared';
import { openSqliteStore } from '@knot/shared/sqlite';
import type { LeafInstance, Store } from '@knot/shared/store';
import { LeafCredentials } from '../sync/leaf-credentials.js';
import { RevocationsElsewhere } from './revocations-elsewhere.js';

let folder: string;
let store: Store;
let revocations: RevocationsElsewhere;
const cut: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knot-revocations-'));
  store = await openSqliteStore({ file: join(folder, 'knot.db'), clock: systemClock, random: systemRandom });
  cut.length = 0;
});

afterEach(async () => {
  await revocations.close();
  await store.close();
  await rm(folder, { recursive: true });
});

function follow(): void {
  const credentials = new LeafCredentials(store, createUuidV7(systemClock, systemRandom), systemRandom);
  credentials.onRevocation(({ location, instance }) => cut.push(`${instance} of ${location}`));
  revocations = new RevocationsElsewhere(
    store,
    systemClock,
    credentials,
    createLogger({ level: 'error', name: 'test' }),
  );
}

/** As the origin commits it at which the leaf is revoked. */
function put(location: string, instances: Record<string, LeafInstance['state']>): Promise<unknown> {
  const row = {
    id: location,
    builtIn: false,
    tokenHash: '',
    instances: Object.entries(instances).map(([id, state]) => ({ id, state, since: 1, secretHash: '', address: '' })),
    policy: { drivers: [], hostVolumes: [] },
    createdAt: 1,
  };
  return store.commit({
    expect: [],
    writes: [{ put: 'location', row }],
    log: [{ stream: 'events', kind: 'location', id: location, op: 'put' }],
  });
}

it('cuts what was revoked before it began, and what is revoked later, nothing else', async () => {
  await put('lon', { gone: 'revoked', here: 'let-in' });
  follow();
  await vi.waitFor(() => expect(cut).toEqual(['gone of lon']), { timeout: 10_000 });
  await put('par', { new: 'let-in', next: 'waiting' });
  await put('lon', { here: 'revoked' });
  await vi.waitFor(() => expect(cut).toEqual(['gone of lon', 'here of lon']), { timeout: 10_000 });
});

it('looks at all locations when the history is another one', async () => {
  follow();
  await put('lon', { here: 'let-in' });
  await store.newEpoch();
  await put('lon', { here: 'revoked' });
  await vi.waitFor(() => expect(cut).toContain('here of lon'), { timeout: 10_000 });
});
