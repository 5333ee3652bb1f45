import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliOrigin, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let ann: RunCli;

const ALL = `
kind: Variable
name: password
spec: { value: hunter2-hunter2, protected: true, templates: [Office, always] }
---
kind: Template
name: office
spec:
  platform: nomad
  job: job "x" {}
  computeUnits: 3
  schedule:
    timezone: Europe/Berlin
    autoStart: true
    holidays: [2026-12-25, 2026-12-24]
    windows:
      - { days: [mon, tue, sun], from: 8:00, to: 18:30 }
      - { days: [sat], from: 22:00, to: 02:00 }
  ports: [{ port: 9000, share: group }, { port: 8080, protocol: https, label: Shop }]
---
kind: Template
name: always
spec: { platform: nomad, job: 'job "x" {}' }
---
kind: Space
name: web
spec: { template: office, location: home, ports: [{ port: 3000, share: users }] }
`;

beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
  await origin.test.liveLocation('home');
}, 60_000);

afterAll(() => origin.close());

const apply = (text: string, ...more: string[]) => ann(['apply', '-f', '-', ...more], { input: text });
const changed = (stdout: string) => stdout.split('\n').filter((line) => line !== '' && !line.startsWith('unchanged'));
const shown = async (kind: string, name: string) => JSON.parse((await ann([kind, 'show', name, '--json'])).stdout);
const get = async (kind: string) => (await ann(['get', kind, '-o', 'yaml'])).stdout;

describe('manifests', { timeout: 60_000 }, () => {
  it('hold schedules, shared ports and who may use a protected variable, also templates of the same apply', async () => {
    expect(await apply(ALL)).toMatchObject({ code: 0 });
    expect(await shown('templates', 'office')).toMatchObject({
      schedule: {
        timezone: 'Europe/Berlin',
        windows: [
          { days: [0, 1, 2], from: 480, to: 1110 },
          { days: [6], from: 1320, to: 120 },
        ],
        holidays: ['2026-12-24', '2026-12-25'],
        autoStart: true,
      },
      ports: [
        { port: 8080, label: 'Shop', protocol: 'https' },
        { port: 9000, share: 'group' },
      ],
    });
    expect((await shown('spaces', 'web')).portShares).toEqual([{ port: 3000, share: 'users' }]);
    expect(changed((await apply(ALL)).stdout)).toEqual(['updated    Variable/password (value)']);
    expect(await get('variables')).toContain('templates:\n    - always\n    - office\n');
    expect(await get('templates')).toContain('    windows:\n      - days:\n          - sun\n          - mon\n');
  });

  it('are what get prints, of which nothing changes anything', async () => {
    for (const kind of ['roles', 'groups', 'users', 'variables', 'templates', 'volumes', 'spaces']) {
      const text = await get(kind);
      expect(changed((await apply(text)).stdout), text).toEqual([]);
    }
  });

  it('take back what they say, and leave as it is what they do not', async () => {
    const bare = 'kind: Template\nname: office\nspec:\n  platform: nomad\n  job: job "x" {}';
    const space = 'kind: Space\nname: web\nspec: { template: office, location: home }';
    const same = await apply(`${bare}\n---\n${space}`);
    expect([same.code, changed(same.stdout)]).toEqual([0, []]);
    const none = bare.replace('platform', 'schedule: always\n  ports: []\n  platform');
    const closed = space.replace('location', 'ports: [{ port: 3001, share: owner }], location');
    expect(changed((await apply(`${none}\n---\n${closed}`)).stdout)).toEqual([
      'updated    Template/office (schedule, ports)',
      'updated    Space/web (ports)',
    ]);
    expect(await shown('templates', 'office')).toMatchObject({ schedule: null, ports: [] });
    expect((await shown('spaces', 'web')).portShares).toEqual([{ port: 3001, share: 'owner' }]);
    const open = 'kind: Variable\nname: open\nspec: { value: x, templates: [always] }';
    expect(await apply(open)).toMatchObject({ code: 5, stderr: expect.stringContaining('leave spec.templates out') });
    const unknown = 'kind: Variable\nname: x\nspec: { value: x, protected: true, templates: [nowhere] }';
    expect(await apply(unknown)).toMatchObject({ code: 4, stderr: expect.stringContaining('no template nowhere') });
  });

  it('say what a schedule and ports are made of where they are not', async () => {
    const at = (field: string) => apply(`kind: Template\nname: t\nspec:\n  platform: nomad\n  ${field}\n`, '--dry-run');
    for (const field of [
      'schedule: never',
      'schedule: { timezone: UTC, windows: [] }',
      'schedule: { timezone: UTC, windows: [{ days: [monday], from: 8:00, to: 9:00 }] }',
      'schedule: { timezone: UTC, windows: [{ days: [mon], from: 24:00, to: 9:00 }] }',
      'schedule: { timezone: UTC, window: [], windows: [{ days: [mon], from: 8:00, to: 9:00 }] }',
    ]) {
      expect(await at(field)).toMatchObject({ code: 2, stderr: expect.stringContaining('from and to as 08:30') });
    }
    for (const field of [
      'ports: { port: 1 }',
      'ports: [{ port: 0, share: users }]',
      'ports: [{ port: 1, share: all }]',
      'ports: [{ port: 1, name: Shop }]',
      'ports: [{ port: 1, protocol: gopher }]',
      'ports: [{ port: 1, share: users }, { port: 1, share: group }]',
    ]) {
      expect(await at(field)).toMatchObject({ code: 2, stderr: expect.stringContaining('each port once') });
    }
  });
});
