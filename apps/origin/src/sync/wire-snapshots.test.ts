import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeyRing, systemClock, systemRandom } from '@knot/shared';
import { openSqliteStore } from '@knot/shared/sqlite';
import type { Store } from '@knot/shared/store';
import { SnapshotVault } from '../spaces/snapshot-vault.js';
import { WireSnapshots } from './wire-snapshots.js';

let folder: string;
let store: Store;
const vault = new SnapshotVault(new KeyRing([systemRandom(32)], systemRandom));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knot-snapshots-'));
  store = await openSqliteStore({ file: join(folder, 'knot.db'), clock: systemClock, random: systemRandom });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function put(job: string): Promise<string> {
  const content = {
    ...{ platform: 'nomad' as const, template: { id: 't', name: 't', version: 1 }, job, volumes: '' },
    ...{ restart: 'always' as const, exceptions: [], data: dataOf(job) },
  };
  const { row } = vault.seal(content, 'space', 1);
  await store.commit({ expect: [], writes: [{ put: 'snapshot', row }] });
  return row.id;
}

function dataOf(name: string) {
  return {
    space: { id: 'space', name: name.slice(0, 8) },
    template: { id: 't', name: 't' },
    user: { id: 'u', username: 'ann', timezone: 'UTC', email: '', service_password: '' },
    server: { url: '', agent_endpoint: '', wildcard_domain: '', location: 'lon', timezone: 'UTC' },
    nomad: { dc: '', region: '' },
    var: {},
  };
}

it('gives each its own content, however many are asked for and however large they are', async () => {
  const snapshots = new WireSnapshots(store, vault, 2_000);
  const jobs = Array.from({ length: 9 }, (_, at) => `${at}`.repeat(100 + at * 250));
  const hashes = await Promise.all(jobs.map(put));
  for (const asked of [hashes, hashes.toReversed(), [...hashes.slice(0, 2), 'sha256:none', ...hashes.slice(0, 1)]]) {
    const found = await snapshots.of(asked);
    const jobsFound = asked.map((hash) => found.get(hash)?.job[0]);
    expect(jobsFound).toEqual(asked.map((hash) => jobs[hashes.indexOf(hash)]?.[0]));
  }
});
