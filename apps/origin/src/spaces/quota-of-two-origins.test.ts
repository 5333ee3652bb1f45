import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '@knot/domain';
import { KeyRing, createLogger, systemClock } from '@knot/shared';
import { loadConfig, systemWorld } from '@knot/shared/config';
import { openSqliteStore } from '@knot/shared/sqlite';
import type { Store } from '@knot/shared/store';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { composeUseCases, type UseCases } from '../compose.js';
import type { Call } from '../http/call.js';
import { originSettings } from '../origin-settings.js';
import { LocationKeys } from '../agents/location-keys.js';
import { LeafCredentials } from '../sync/leaf-credentials.js';
import { Questions } from '../sync/questions.js';
import { NEW_USER } from '../users/new-user.js';
import { SnapshotVault } from './snapshot-vault.js';

const OWNER = 'owner';
let folder: string;
let store: Store;
const keys = new KeyRing([randomBytes(32)], randomBytes);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knot-quota-'));
  store = await openSqliteStore({ file: join(folder, 'knot.db'), clock: systemClock, random: randomBytes });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** The use cases of one process; two of them share nothing but the store. */
function origin(): UseCases {
  const env = { KNOT_LOCATION: 'home', KNOT_DATA_PATH: folder };
  const { config } = loadConfig({ world: { ...systemWorld(), env, cwd: folder, home: folder } });
  return composeUseCases({
    store,
    keys,
    clock: systemClock,
    random: randomBytes,
    vault: new SnapshotVault(keys),
    logger: createLogger({ level: 'error', name: 'test', destination: { write: () => undefined } }),
    settings: originSettings(config, []),
    locationKeys: new LocationKeys(store, keys),
    credentials: new LeafCredentials(store, () => '', randomBytes),
    defaultPolicy: { drivers: [], hostVolumes: [] },
    programVersion: '0',
    questions: new Questions(
      systemClock,
      () => '',
      () => undefined,
    ),
    grace: { until: () => 0 },
  });
}

const actor: Actor = {
  id: OWNER,
  username: 'bob',
  role: 'user',
  permissions: ['spaces.use'],
  groups: [],
  via: 'session',
  scopes: ['*'],
  provedAt: 0,
};
const call: Call = { actor, proofId: 's', address: '', userAgent: '', ifMatch: null, idempotency: null };

it('two origins over one store let no start pass the quota, and waste none of it', async () => {
  const [one, two] = [origin(), origin()];
  const now = Date.now();
  const platforms = [{ platform: 'nomad' as const, ready: true, version: '', message: '', lockHeld: true }];
  const facts = { url: '', agentEndpoint: '', wildcardDomain: '', timezone: '', nomadDc: '', nomadRegion: '' };
  const status = {
    term: 1,
    leafVersion: '',
    protocol: 1,
    queueDepth: 0,
    spaces: 0,
    appliedRev: 0,
    reportedAt: now,
    sequence: 0,
  };
  const user = { username: 'bob', email: 'b@x.y', passwordHash: '', timezone: 'UTC', createdAt: now };
  await store.commit({
    expect: [],
    writes: [
      { put: 'user', row: { ...user, ...NEW_USER, id: OWNER, role: 'user', maxRunning: 3 } },
      {
        put: 'location',
        row: {
          id: 'home',
          builtIn: true,
          tokenHash: '',
          instances: [],
          policy: { drivers: [], hostVolumes: [] },
          createdAt: now,
        },
      },
      { put: 'lease', row: { id: 'home', holder: 'h', instance: 'i', term: 1, renewedAt: now } },
      { put: 'locationStatus', row: { ...status, id: 'home', platforms, facts } },
    ],
  });
  const template = await one.templates.create(call, { name: 't', platform: 'nomad', job: 'job "x" {}' });
  const ids: string[] = [];
  for (let i = 0; i < 20; i += 1) {
    ids.push((await one.spaceEdits.create(call, { name: `s${i}x`, templateId: template.id })).id);
  }
  const outcomes = await Promise.allSettled(
    ids.map((id, index) => (index % 2 === 0 ? one : two).spaceWishes.wish(call, id, 'start')),
  );
  expect(outcomes.filter(({ status: outcome }) => outcome === 'fulfilled')).toHaveLength(3);
  expect(await store.count('space', { ownerId: OWNER, want: 'running' })).toBe(3);
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
  expect(new Set(refused)).toEqual(new Set(['quota.exceeded']));
});
