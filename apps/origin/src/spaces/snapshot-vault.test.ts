import { describe, expect, it } from 'vitest';
import { KeyRing, systemRandom } from '@knot/shared';
import { SnapshotVault } from './snapshot-vault.js';

const vault = new SnapshotVault(new KeyRing([systemRandom(32)], systemRandom));

function content(job: string) {
  return {
    platform: 'nomad' as const,
    template: { id: 't', name: 't', version: 1 },
    job,
    volumes: '',
    restart: 'always' as const,
    exceptions: [],
    data: {
      space: { id: 's', name: 's' },
      template: { id: 't', name: 't' },
      user: { id: 'u', username: 'ann', email: '', timezone: 'UTC', service_password: '' },
      server: { url: '', agent_endpoint: '', wildcard_domain: '', location: 'lon', timezone: 'UTC' },
      nomad: { dc: '', region: '' },
      var: {},
    },
  };
}

describe('SnapshotVault', () => {
  it('gives back what it sealed, under the hash of its content', () => {
    const { snapshot, row } = vault.seal(content('job'), 's', 1);
    expect(vault.open({ ...row, version: 1 })).toEqual(snapshot);
    expect(vault.seal(content('job'), 's', 2).row.id).toBe(row.id);
  });

  it('refuses what no message to a leaf could carry', () => {
    const seal = () => vault.seal(content('é'.repeat(1_600_000)), 's', 1);
    expect(seal).toThrow('What this space starts from, template and variables, has 3.1 MiB; 3 MiB are the most.');
  });
});
