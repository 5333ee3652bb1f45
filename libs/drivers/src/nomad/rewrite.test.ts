import { describe, expect, it } from 'vitest';
import { rewriteJob } from './rewrite.js';
import { parseVolumeDefinitions } from './volume-definition.js';

const SPACE = '11111111-2222-4333-8444-555555555555';
const spec = {
  mark: { installation: 'inst', location: 'here', space: SPACE },
  display: { space: 'web', owner: 'ann' },
};
const place = { namespace: 'spaces', region: '' };

function job(further: object = {}) {
  return { ID: 'web-ann', Name: 'web-ann', Namespace: 'default', Region: 'global', TaskGroups: [], ...further };
}

describe('a job of a template', () => {
  it('becomes the one of the space, with its own name for people', () => {
    const meta = { team: 'blue', knot_space: 'somebody else' };
    expect(rewriteJob(job({ Meta: meta, Stop: true, JobModifyIndex: 7 }), spec, [], place)).toEqual({
      ID: `knot-${SPACE}`,
      Name: 'web-ann',
      Namespace: 'spaces',
      TaskGroups: [],
      Meta: {
        team: 'blue',
        knot_installation: 'inst',
        knot_location: 'here',
        knot_space: SPACE,
        knot_owner: 'ann',
        knot_name: 'web',
      },
    });
  });

  it('refers to its volumes by their real names, and to those of others as it did', () => {
    const volumes = parseVolumeDefinitions('volumes: [{ id: home, type: host }, { id: data, plugin_id: x }]', SPACE);
    const groups = [
      {
        Name: 'g',
        Volumes: {
          a: { Type: 'host', Source: 'home' },
          b: { Type: 'csi', Source: 'data' },
          c: { Type: 'host', Source: 'data' },
          d: { Type: 'host', Source: 'shared' },
        },
      },
    ];
    expect(rewriteJob(job({ TaskGroups: groups }), spec, volumes, place)['TaskGroups']).toEqual([
      {
        Name: 'g',
        Volumes: {
          a: { Type: 'host', Source: `knot-${SPACE}-home` },
          b: { Type: 'csi', Source: `knot-${SPACE}-data` },
          c: { Type: 'host', Source: 'data' },
          d: { Type: 'host', Source: 'shared' },
        },
      },
    ]);
  });

  it('stays in the namespace and region of the location', () => {
    expect(() => rewriteJob(job({ Namespace: 'prod' }), spec, [], place)).toThrow('prod');
    expect(rewriteJob(job({ Namespace: 'spaces' }), spec, [], place)['Namespace']).toBe('spaces');
    expect(() => rewriteJob(job({ Region: 'mars' }), spec, [], place)).toThrow('mars');
    expect(rewriteJob(job(), spec, [], { ...place, region: 'eu' })['Region']).toBe('eu');
  });
});
