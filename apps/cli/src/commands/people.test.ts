import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliOrigin, PASSWORD, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let ann: RunCli;

beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
});
afterAll(() => origin.close());

async function good(args: string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await ann(args, { input });
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout;
}

async function userNamed(name: string): Promise<Record<string, unknown>> {
  const users: Record<string, unknown>[] = JSON.parse(await good(['users', 'list', '--json']));
  return users.find(({ username }) => username === name) ?? {};
}

async function idOf(kind: 'groups' | 'roles', wanted: string): Promise<string> {
  const rows: { id: string; name: string }[] = JSON.parse(await good([kind, 'list', '--json']));
  return rows.find(({ name }) => name === wanted)?.id ?? '';
}

describe('knot groups', () => {
  it('creates, lists, changes and deletes', async () => {
    expect(await good(['groups', 'create', 'linkers', '--max-running', '2', '--description', 'ld'])).toBe(
      'linkers created\n',
    );
    expect(await good(['groups', 'list'])).toMatch(/^linkers +0 +0 +0 +2 +0 +0 +ld$/m);
    expect(await good(['groups', 'change', 'LINKERS', '--name', 'loaders', '--max-spaces', '9'])).toBe(
      'loaders changed\n',
    );
    expect(await good(['groups', 'list'])).toMatch(/^loaders +0 +0 +9 +2 +0 +0 +ld$/m);
    expect(await good(['groups', 'delete', 'loaders', '--yes'])).toBe('loaders deleted\n');
    expect(await ann(['groups', 'delete', 'loaders', '--yes'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('there is no group loaders'),
    });
  });
});

describe('knot roles', () => {
  it('creates, lists, changes and deletes', async () => {
    const made = ['roles', 'create', 'reader', '--permission', 'audit.see,users.see', '--permission', 'server.see'];
    expect(await good(made)).toBe('reader created\n');
    expect(await good(['roles', 'list'])).toMatch(/^reader +0 +users.see, audit.see, server.see$/m);
    await good(['roles', 'change', 'reader', '--permission', 'audit.see']);
    expect(await good(['roles', 'list'])).toMatch(/^reader +0 +audit.see$/m);
    await good(['roles', 'change', 'reader', '--description', 'looks on']);
    expect(await good(['roles', 'list'])).toMatch(/^reader +0 +audit.see$/m);
    expect(await good(['roles', 'delete', 'reader', '--yes'])).toBe('reader deleted\n');
  });

  it('names every permission, and refuses one that is none', async () => {
    expect(await good(['roles', 'permissions'])).toMatch(/^audit\.see +Read the audit$/m);
    expect(await ann(['roles', 'create', 'x', '--permission', 'audit.se'])).toMatchObject({
      code: 2,
      stderr: 'knot: there is no permission audit.se\n`knot roles permissions` lists them.\n',
    });
    expect(await ann(['roles', 'delete', 'user', '--yes'])).toMatchObject({ code: 5 });
  });
});

describe('knot users', () => {
  it('gives roles, groups and quotas by name, and leaves what is not named', async () => {
    await good(['roles', 'create', 'auditor', '--permission', 'audit.see']);
    await good(['groups', 'create', 'compilers']);
    const [role, group] = [await idOf('roles', 'auditor'), await idOf('groups', 'compilers')];
    const given = ['--role', 'user', '--role', 'Auditor', '--group', 'compilers', '--compute-units', '4'];
    await good(['users', 'create', 'bob', '--email', 'bob@example.com', ...given], `${PASSWORD}\n`);
    const bob = { role: 'user', roles: ['user', role], groups: [group], computeUnits: 4, maxSpaces: 0 };
    expect(await userNamed('bob')).toMatchObject(bob);
    await good(['users', 'change', 'bob', '--max-spaces', '3']);
    expect(await userNamed('bob')).toMatchObject({ ...bob, maxSpaces: 3 });
    await good(['users', 'change', 'bob', '--role', 'administrator']);
    expect(await userNamed('bob')).toMatchObject({ role: 'administrator', roles: ['user', role] });
    await good(['users', 'change', 'bob', '--role', 'user']);
    expect(await userNamed('bob')).toMatchObject({ role: 'user', roles: ['user'], groups: [group] });
    expect(await ann(['users', 'change', 'bob', '--group', 'nobody'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('there is no group nobody'),
    });
  });
});

it.each([
  ['groups', 'change', 'x'],
  ['roles', 'change', 'x'],
  ['users', 'change', 'ann'],
  ['spaces', 'change', 'x', '--json', '--server', 'http://127.0.0.1:9'],
])('a change that names nothing is refused: knot %s %s', async (...args) => {
  const { code, stdout, stderr } = await ann(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^knot: nothing is named that is to be changed\nGive one of (--[a-z-]+, )+--[a-z-]+\.\n$/);
});
