import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliOrigin, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let ann: RunCli;

const manifest = (job: string, more = '') => `
kind: Group
name: team
spec: { description: all of us }
---
kind: Template
name: ubuntu
spec:
  platform: nomad
  locations: [home]
  computeUnits: 2${more}
  job: |
    first
    ${job}
    last
---
kind: Variable
name: password
spec: { value: hunter2-hunter2, protected: true }
`;

beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
  await origin.test.liveLocation('home');
}, 90_000);
afterAll(() => origin.close());

const run = (command: string, text: string, ...more: string[]) => ann([command, '-f', '-', ...more], { input: text });

describe('knot diff', () => {
  it('shows line by line what an apply then does, without secrets, and does nothing', async () => {
    const fresh = await run('diff', manifest('one', '\n  groups: [Team]'));
    expect(fresh).toMatchObject({ code: 0, stderr: '' });
    expect(fresh.stdout).toMatch(/^--- \/dev\/null\n\+\+\+ Group\/team, as it is to be\n/);
    expect(fresh.stdout).toContain('+value: "********"');
    expect(fresh.stdout).not.toContain('hunter2');
    expect((await ann(['templates', 'list', '--json'])).stdout).not.toContain('ubuntu');
    expect((await run('apply', manifest('one', '\n  groups: [Team]'))).code).toBe(0);

    const changed = await run('diff', manifest('two'));
    expect(changed.stdout).toContain('--- Template/ubuntu, as it is\n+++ Template/ubuntu, as it is to be\n');
    expect(changed.stdout).toContain('   first\n-  one\n+  two\n   last\n');
    // a protected value cannot be read back, so one that is given is set again
    expect(changed.stdout).toContain('Variable/password');
    expect(changed.stdout).not.toContain('hunter2');
    const found = JSON.parse((await run('diff', manifest('two'), '--json')).stdout);
    expect(found).toMatchObject([
      { kind: 'Variable', name: 'password' },
      { kind: 'Template', name: 'ubuntu', outcome: 'updated', changes: ['job'] },
    ]);
  });

  it('leaves whom a template is for as it is where nothing is said of it, and names it where something is', async () => {
    expect((await run('apply', manifest('two'))).code).toBe(0);
    const got = await ann(['get', 'template', 'ubuntu']);
    expect(got.stdout).toContain('groups:\n    - team\n  locations:\n    - home\n  computeUnits: 2\n');
    const open = await run('diff', manifest('two', '\n  groups: []'));
    expect(open.stdout).toContain('-groups:\n-  - team\n+groups: []\n');
    expect(await run('diff', got.stdout)).toMatchObject({ stdout: '', stderr: 'note: all of it is so already\n' });
    expect(await run('diff', manifest('two', '\n  groups: [nobody]'))).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('there is no group nobody'),
    });
  });

  it('takes over what the existing program has exported, once as new and then as a version', async () => {
    const text = (job: string) =>
      JSON.stringify({ template_id: 'x', template: { name: 'old one', job, groups: ['g'] } });
    const dry = await ann(['templates', 'import', '-', '--dry-run'], { input: text('a') });
    expect(dry).toMatchObject({ code: 0, stdout: 'would be made: old-one, for nomad\n' });
    expect(dry.stderr).toContain('its name was "old one"');
    expect((await ann(['templates', 'import', '-'], { input: text('a') })).stdout).toBe(
      'old-one imported, version 1\n',
    );
    expect((await ann(['templates', 'import', '-'], { input: text('b') })).stdout).toBe(
      'old-one imported, version 2\n',
    );
    expect(await ann(['templates', 'import', '-'], { input: '{}' })).toMatchObject({ code: 2 });
  });
});

describe('knot apply --prune', () => {
  const variable = (name: string, labels = '{ app: shop }') =>
    `kind: Variable\nname: ${name}\nlabels: ${labels}\nspec: { value: x }\n---\n`;
  const prune = (text: string, ...more: string[]) => run('apply', text, '--prune', '--label', 'app=shop', ...more);

  it('deletes what has the label and is in no file any more, after a yes, and says the same before', async () => {
    const first = `${variable('one')}${variable('two')}${variable('other', '{ app: mail }')}`;
    expect((await run('apply', first)).code).toBe(0);
    expect((await run('apply', first)).stdout).toBe(
      ['one', 'two', 'other'].map((name) => `unchanged  Variable/${name}\n`).join(''),
    );
    const dry = await prune(variable('one'), '--dry-run');
    expect(dry.stdout).toBe('unchanged  Variable/one\ndeleted    Variable/two\n');
    expect(await prune(variable('one'))).toMatchObject({ code: 5, stdout: '' });
    const names = async () => JSON.parse((await ann(['variables', 'list', '--json'])).stdout) as { name: string }[];
    expect((await names()).map(({ name }) => name)).toEqual(expect.arrayContaining(['one', 'two', 'other']));
    expect(await prune(variable('one'), '--yes')).toMatchObject({ code: 0, stdout: dry.stdout });
    const left = (await names()).map(({ name }) => name);
    expect(left).toEqual(expect.arrayContaining(['one', 'other']));
    expect(left).not.toContain('two');
  });

  it('takes a label, and labels are texts of few signs', async () => {
    expect(await run('apply', variable('one'), '--prune')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--prune and --label go together'),
    });
    expect((await run('apply', variable('one'), '--prune', '--label', 'app')).code).toBe(2);
    expect((await run('apply', variable('one', '{ App: x }'))).stderr).toContain('labels: A label is called by');
    expect((await run('apply', variable('one', '[a]'))).stderr).toContain('labels: a section of texts is needed');
    const changed = await run('apply', variable('one', '{ app: shop, stage: live }'));
    expect(changed.stdout).toBe('updated    Variable/one (labels)\n');
  });
});
