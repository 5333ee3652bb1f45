import { describe, expect, it } from 'vitest';
import { parsePeerTemplate } from './peer-template.js';

const day = (enabled: boolean, from = '9:00am', to = '5:00pm') => ({ enabled, from, to });
const TEMPLATE = {
  name: 'Ubuntu 24.04 desktop',
  description: 'for all',
  job: 'job "${{ .space.name }}-${{ .user.username }}" {}',
  volumes: 'volumes:\n  - id: "ubuntu_${{.space.id}}_home"\n',
  groups: ['0190-a'],
  locations: ['berlin', 'not a name'],
  local_container: false,
  is_manual: false,
  with_terminal: true,
  compute_units: 4,
  storage_units: 2,
  schedule_enabled: true,
  schedule: [day(false), day(true), day(true, '10:00pm', '11:59pm'), day(false), day(false), day(false), day(false)],
};
const parse = (template: object) => parsePeerTemplate(JSON.stringify(template), 'x.json');

describe('a template of the existing program', () => {
  it('is taken over with texts, units, locations and its week, and says what was not', () => {
    expect(parse({ template_id: 'a', template: TEMPLATE })).toEqual({
      ...{ name: 'Ubuntu-24-04-desktop', description: 'for all', platform: 'nomad' },
      ...{ job: TEMPLATE.job, volumes: TEMPLATE.volumes, locations: ['berlin'], computeUnits: 4, storageUnits: 2 },
      windows: [
        { days: [1], from: 540, to: 1_021 },
        { days: [2], from: 1_320, to: 1_439 },
      ],
      notes: [
        'its name was "Ubuntu 24.04 desktop"',
        expect.stringContaining('groups'),
        expect.stringContaining('locations'),
      ],
    });
    expect(parse({ name: 'plain', job: 'x' })).toMatchObject({ name: 'plain', windows: [], notes: [], locations: [] });
    expect(parse({ name: 'box', job: 'image: x', local_container: true })).toMatchObject({ platform: 'docker' });
    expect(parse({ name: 'mine', is_manual: true })).toMatchObject({ platform: 'manual', job: '' });
  });

  it.each([
    ['nothing', '{}', 'it has no name'],
    ['a list', '[]', 'it holds no template'],
    ['no JSON', 'name: x', 'it is not valid JSON'],
    ['a bomb of brackets', '['.repeat(1_000_000), 'it is n'],
    ['no job', '{"name":"ab"}', 'it has no job'],
    ['half a week', JSON.stringify({ ...TEMPLATE, schedule: [day(true)] }), 'its schedule has not seven days'],
    ['no time', JSON.stringify({ ...TEMPLATE, schedule: Array(7).fill(day(true, '25:00')) }), 'is not like 9:00am'],
    ['a name of signs', '{"name":"!!!","job":"x"}', 'it has no name'],
  ])('is refused with a sentence: %s', (_what, text, why) => {
    expect(() => parsePeerTemplate(text, 'x.json')).toThrow(expect.objectContaining({ code: 'input.invalid' }));
    expect(() => parsePeerTemplate(text, 'x.json')).toThrow(why);
  });

  it('is refused where it is larger than two texts can be', () => {
    const large = JSON.stringify({ ...TEMPLATE, job: 'x'.repeat(50 * 1024 * 1024) });
    expect(() => parsePeerTemplate(large, 'x.json')).toThrow(expect.objectContaining({ code: 'input.too_large' }));
  });
});
