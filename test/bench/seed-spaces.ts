import { createHash, randomBytes } from 'node:crypto';
import { createUuidV7, deriveKeyRing } from '@knot/shared';
import { Secret } from '@knot/shared/config';
import type { NewRow, Store } from '@knot/shared/store';
import { claim, spaceName } from '../../apps/origin/src/deeds/unique-name.js';
import { SnapshotVault } from '../../apps/origin/src/spaces/snapshot-vault.js';
import { mockJob } from '../e2e/jobs.js';
import { ENCRYPT } from './store-origin.js';

const PER_COMMIT = 250;

/** What the agent of a space joins with, for those who stand for it. */
export function joinSecretOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

/** Running spaces as the API makes them, each with a snapshot of its own, written into a store past the API. */
export async function seedSpaces(
  store: Store,
  count: number,
  locationOf: (index: number) => string,
): Promise<readonly string[]> {
  const vault = new SnapshotVault(await deriveKeyRing([new Secret(ENCRYPT)], randomBytes));
  const newId = createUuidV7(Date, randomBytes);
  const job = mockJob();
  const now = Date.now();
  const ids: string[] = [];
  for (let from = 0; from < count; from += PER_COMMIT) {
    const spaces = Array.from({ length: Math.min(PER_COMMIT, count - from) }, (_, at) => {
      const id = newId();
      const name = `s-${from + at}`;
      const template = { id: 'template', name: 'mock' };
      const sealed = vault.seal(
        {
          platform: 'nomad',
          template: { ...template, version: 1 },
          job,
          volumes: '',
          restart: 'always',
          exceptions: [],
          data: {
            space: { id, name },
            template,
            user: { id: 'owner', username: 'owner', timezone: 'UTC', email: 'owner@example.com', service_password: '' },
            server: {
              url: '',
              agent_endpoint: '',
              wildcard_domain: '',
              location: locationOf(from + at),
              timezone: 'UTC',
            },
            nomad: { dc: '', region: '' },
            var: {},
          },
          joinSecret: joinSecretOf(id),
        },
        id,
        now,
      );
      return { sealed, row: spaceRow(id, name, locationOf(from + at), sealed.row.id, now) };
    });
    await store.commit({
      expect: [],
      unique: spaces.map(({ row }) => claim(spaceName(row), row.id)),
      writes: spaces.flatMap(({ sealed, row }) => [
        { put: 'snapshot' as const, row: sealed.row },
        { put: 'space' as const, row },
      ]),
    });
    ids.push(...spaces.map(({ row }) => row.id));
  }
  return ids;
}

function spaceRow(id: string, name: string, location: string, snapshotHash: string, now: number): NewRow<'space'> {
  return {
    ...{ id, name, location, snapshotHash },
    description: '',
    ownerId: 'owner',
    sharedWith: [],
    portShares: [],
    shell: '',
    templatePorts: [],
    templateId: 'template',
    templateVersion: 1,
    want: 'running',
    generation: 2,
    restarts: 0,
    computeUnits: 1,
    storageUnits: 1,
    schedule: null,
    extendedUntil: 0,
    servicePassword: '',
    wishedBy: 'owner',
    wishedAt: now,
    deletionRequestedAt: 0,
    createdAt: now,
  };
}
