import { describe, expect, it } from 'vitest';
import { volumeBackendName } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import { parseVolumeDefinitions } from './volume-definition.js';

const SPACE = '11111111-2222-4333-8444-555555555555';

function refusalOf(text: string): KnotError {
  try {
    parseVolumeDefinitions(text, SPACE);
  } catch (error) {
    if (error instanceof KnotError) return error;
  }
  throw new Error('It was taken.');
}

describe('the name of a volume at Nomad', () => {
  it('is kept where it holds the uuid of the space', () => {
    expect(volumeBackendName(SPACE, `ubuntu_${SPACE}_home`)).toBe(`ubuntu_${SPACE}_home`);
  });

  it('begins with the name of the job otherwise', () => {
    expect(volumeBackendName(SPACE, 'home')).toBe(`knot-${SPACE}-home`);
  });
});

describe('the volumes of a template', () => {
  it('are read with all that they may say', () => {
    const text = `
volumes:
  - id: ubuntu_${SPACE}_home
    name: home
    plugin_id: rbd
    capacity_min: 10G
    capacity_max: 20G
    mount_options:
      fs_type: ext4
      mount_flags: [rw, noatime]
    capabilities:
      - access_mode: multi-node-multi-writer
        attachment_mode: block-device
    secrets:
      userID: admin
      userKey: 12345
    parameters:
      pool: ssd
  - id: scratch
    type: host
    node_pool: big
`;
    expect(parseVolumeDefinitions(text, SPACE)).toEqual([
      {
        name: `ubuntu_${SPACE}_home`,
        backendId: `ubuntu_${SPACE}_home`,
        kind: 'csi',
        namespace: '',
        plugin: 'rbd',
        nodePool: '',
        capacity: { min: 10 * 2 ** 30, max: 20 * 2 ** 30 },
        capabilities: [{ accessMode: 'multi-node-multi-writer', attachmentMode: 'block-device' }],
        mountOptions: { fsType: 'ext4', flags: ['rw', 'noatime'] },
        secrets: { userID: 'admin', userKey: '12345' },
        parameters: { pool: 'ssd' },
      },
      {
        name: 'scratch',
        backendId: `knot-${SPACE}-scratch`,
        kind: 'host',
        namespace: '',
        plugin: 'mkdir',
        nodePool: 'big',
        capacity: { min: 0, max: 0 },
        capabilities: [{ accessMode: 'single-node-writer', attachmentMode: 'file-system' }],
        mountOptions: null,
        secrets: {},
        parameters: {},
      },
    ]);
  });

  it.each(['', '  \n', '# nothing', 'volumes:', 'volumes: []'])('may be none: %j', (text) => {
    expect(parseVolumeDefinitions(text, SPACE)).toEqual([]);
  });

  it.each<[string, string, number]>([
    ['volumes:\n  - id: a\n    plugin_id: x\n    capacity: 1G', '"capacity" is not known', 4],
    ['volumes:\n  - id: a\n    plugin_id: x\n    capacity_min: lots', 'lots is no size', 4],
    ['volumes:\n  - id: a\n    plugin_id: x\n    capacity_min: 2G\n    capacity_max: 1G', 'less than capacity_min', 5],
    ['volumes:\n  - plugin_id: x', 'needs an id', 2],
    ['volumes:\n  - id: a', 'needs a plugin_id', 2],
    ['volumes:\n  - id: a\n    type: nfs', 'csi or host', 3],
    ['volumes:\n  - id: ../a\n    type: host', 'no name for a volume', 2],
    ['volumes:\n  - id: a\n    type: host\n  - id: a\n    type: host', 'there twice', 4],
    ['volumes:\n  home: {}', 'should be a list', 2],
    ['- id: a', 'keys and values', 1],
    ['volume:\n  - id: a', '"volume" is not known', 1],
    ['volumes:\n  - id: a\n    id: b', 'unique', 3],
    ['volumes:\n  - id: "a', 'quote', 2],
  ])('%j is refused with its line', (text, words, line) => {
    const error = refusalOf(text);
    expect(error.code).toBe('template.rejected');
    expect(error.message).toContain(words);
    expect(error.details).toMatchObject({ part: 'volumes', line });
  });

  it('are refused before they are parsed where they are nested without end', () => {
    expect(refusalOf(`volumes: ${'['.repeat(100_000)}`).message).toContain('nested too deeply');
  });

  it('never show a secret in a refusal', () => {
    const error = refusalOf('volumes:\n  - id: a\n    plugin_id: x\n    secrets:\n      key: [geheim]');
    expect(error.message + error.hint + JSON.stringify(error.details)).not.toContain('geheim');
  });
});
