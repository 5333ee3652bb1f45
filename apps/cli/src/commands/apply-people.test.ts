import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliOrigin, PASSWORD, type RunCli } from '../testing/cli-origin.js';

const TEAM = `
kind: User
name: bob
spec: { email: bob@example.com, roles: [user, Auditor], groups: [compilers], maxRunning: 2, password: ${PASSWORD} }
---
kind: User
name: eve
spec: { email: eve@example.com, roles: [administrator], active: false, password: ${PASSWORD} }
---
kind: Group
name: compilers
spec: { description: those of the compiler, maxSpaces: 5, computeUnits: 8 }
---
kind: Role
name: auditor
spec: { permissions: [users.see, audit.see] }
`;

let origin: CliOrigin;
let ann: RunCli;

beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
});
afterAll(() => origin.close());

const change = { listFolder: () => [] };
const apply = (text: string, ...more: string[]) => ann(['apply', '-f', '-', ...more], { input: text, change });

async function users(): Promise<Record<string, unknown>[]> {
  return JSON.parse((await ann(['users', 'list', '--json'])).stdout);
}

describe('manifests of people', () => {
  it('make roles and groups before those who have them, and leave all alone the second time', async () => {
    const dry = await apply(TEAM, '--dry-run');
    expect(dry.code).toBe(0);
    expect(await users()).toHaveLength(1);
    const done = await apply(TEAM);
    expect(done).toMatchObject({ code: 0, stdout: dry.stdout });
    expect(done.stdout.trimEnd().split('\n')).toEqual([
      'created    Role/auditor',
      'created    Group/compilers',
      'created    User/bob',
      'created    User/eve',
    ]);
    const [, bob, eve] = await users();
    expect(bob).toMatchObject({ role: 'user', roles: ['user', expect.any(String)], maxRunning: 2, active: true });
    expect(bob?.['groups']).toHaveLength(1);
    expect(eve).toMatchObject({ role: 'administrator', active: false });
    await origin.test.signIn('bob', PASSWORD);
    expect((await apply(TEAM)).stdout.match(/^unchanged/gm)).toHaveLength(4);
  });

  it('name the fields that change, and change them', async () => {
    const text = TEAM.replace('maxRunning: 2', 'maxRunning: 3')
      .replace('[user, Auditor]', '[user]')
      .replace('[administrator]', '[user]')
      .replace('[users.see, audit.see]', '[audit.see]')
      .replace('computeUnits: 8', 'computeUnits: 9');
    expect((await apply(text)).stdout.trimEnd().split('\n')).toEqual([
      'updated    Role/auditor (permissions)',
      'updated    Group/compilers (computeUnits)',
      'updated    User/bob (roles, maxRunning)',
      'updated    User/eve (roles)',
    ]);
    const [, bob, eve] = await users();
    expect(bob).toMatchObject({ roles: ['user'], maxRunning: 3 });
    expect(eve).toMatchObject({ role: 'user', roles: ['user'] });
    expect((await apply(text)).stdout.match(/^unchanged/gm)).toHaveLength(4);
    await apply(TEAM);
  });

  it('are what get prints, without a password', async () => {
    for (const kind of ['roles', 'group', 'User']) {
      const yaml = await ann(['get', kind]);
      expect(yaml.code).toBe(0);
      expect(yaml.stdout).not.toContain('password');
      const { code, stdout } = await apply(yaml.stdout);
      expect(code).toBe(0);
      expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('unchanged'))).toEqual([]);
    }
    expect((await ann(['get', 'user', 'bob'])).stdout).toMatch(
      /^kind: User\nname: bob\nspec:\n {2}email: bob@example.com\n {2}roles:\n {4}- User\n {4}- auditor\n {2}groups:\n/,
    );
  });

  it.each([
    ['kind: User\nname: cat\nspec: { email: c@d.e }', 5, 'standard input:1:1: the user cat is not there yet'],
    ['kind: User\nname: cat\nspec: { email: c@d.e, groups: [x], password: y }', 4, 'there is no group x'],
    ['kind: User\nname: cat\nspec: { email: c@d.e, maxRunning: two }', 2, 'a whole number, 0 or more'],
    ['kind: Group\nname: cat\nspec: { maxSpaces: -1 }', 2, 'a whole number, 0 or more'],
    ['kind: Role\nname: cat\nspec: { permissions: [fly] }', 2, 'there is no permission fly'],
    ['kind: Role\nname: cat\nspec: {}', 2, 'spec.permissions is missing'],
  ])('refuse %j', async (text, code, sentence) => {
    expect(await apply(text)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(sentence) });
  });
});

describe('knot delete', () => {
  const remove = (text: string, ...more: string[]) => ann(['delete', '-f', '-', ...more], { input: text, change });
  const extra = `${TEAM}---
kind: Variable
name: registry
spec: { value: here }
---
kind: Template
name: plain
spec: { platform: nomad, job: x }
---
kind: Volume
name: cache
spec: { platform: nomad, location: home, want: absent, definition: "volumes:\\n  - name: cache\\n" }
---
kind: Space
name: web
spec: { template: plain, location: home }
`;
  const lines = (stdout: string): string[] => stdout.trimEnd().split('\n');

  it('takes away what is there, what stands on others first, and does nothing in a dry run or unasked', async () => {
    await origin.test.liveLocation('home');
    expect(await apply(extra)).toMatchObject({ code: 0 });
    const dry = await remove(extra, '--dry-run');
    expect(await remove(extra)).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('  User/bob\n') });
    expect(await users()).toHaveLength(3);
    const done = await remove(extra, '--yes');
    expect(done).toMatchObject({ code: 0, stdout: dry.stdout });
    expect(lines(done.stdout)).toEqual([
      'deleted    Space/web',
      'deleted    Volume/cache',
      'deleted    Template/plain',
      'deleted    Variable/registry',
      'deleted    User/eve',
      'deleted    User/bob',
      'deleted    Group/compilers',
      'deleted    Role/auditor',
    ]);
    expect(await users()).toHaveLength(1);
    const gone = lines((await remove(TEAM)).stdout);
    expect(gone).toEqual([
      'absent     User/eve',
      'absent     User/bob',
      'absent     Group/compilers',
      'absent     Role/auditor',
    ]);
  });

  it('ends where something is refused, with what was done before', async () => {
    await apply(TEAM);
    const roleAlone = TEAM.slice(TEAM.indexOf('kind: Role'));
    expect(await remove(roleAlone, '--yes', '--json')).toMatchObject({ code: 5, stdout: '[]\n' });
  });
});
