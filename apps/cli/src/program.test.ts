import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { keysFor } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';
import { systemContext } from './command-context.js';
import { exitCodeOf } from './exit-codes.js';
import { groupsFor } from './groups.js';
import { createProgram } from './program.js';
import { runInProcess } from './testing/run-in-process.js';

function pathsOf(command: Command, above: readonly string[] = []): string[][] {
  const below = command.commands.map((child) => [...above, child.name()]);
  return below.flatMap((path, index) => [path, ...pathsOf(command.commands[index] ?? command, path)]);
}

describe('the command line', () => {
  it.each(pathsOf(createProgram(systemContext(), groupsFor())).map((path) => path.join(' ')))(
    'shows an example in the help of %s',
    async (path) => {
      const { code, stdout } = await runInProcess([...path.split(' '), '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/\nExample:\n {2}\$ .*knot /);
    },
  );

  it('prints its help on stdout when asked, and on stderr with exit code 2 when told nothing', async () => {
    expect(await runInProcess(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes:') });
    expect(await runInProcess([])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: knot'),
    });
    expect(await runInProcess(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it('names the nearest command or flag of a mistyped one', async () => {
    const command = await runInProcess(['confg']);
    expect(command).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/knot: unknown command 'confg'\n.*config/),
    });
    const flag = await runInProcess(['config', 'check', '--locaton', 'x']);
    expect(flag).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown option '--locaton'") });
  });

  it('says how a command is used that was called in another way', async () => {
    const missing = await runInProcess(['spaces', 'create', 'web']);
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toBe(
      "knot: missing required argument 'template'\nIt is used as: knot spaces create [options] <name> <template>\n" +
        '`knot spaces create --help` says more.\n',
    );
    const required = await runInProcess(['users', 'create', 'bob']);
    expect(required.stderr).toContain('It is used as: knot users create --email <address> [options] <name>\n');
    const unknown = await runInProcess(['spaces', 'xyzzy']);
    expect(unknown.stderr).toBe("knot: unknown command 'xyzzy'\n`knot spaces --help` lists what there is.\n");
  });

  it.each([
    [['ping'], 'knot version'],
    [['ssh-keys', 'add', 'id.pub'], 'knot connect <server> --ssh-key'],
    [['templates', 'export', 'hello'], 'knot get template hello'],
    [['ssh', 'hello'], 'knot run hello'],
    [['tunnel', 'http', '80', 'web'], 'knot spaces share-port'],
    [['direct', 'ssh', '--nameserver', 'x', 'host'], 'knot proxy'],
  ])('says of what another program of its name has, as %j, what to do instead', async (args, instead) => {
    expect(await runInProcess(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(instead) });
  });

  it('has one exit code for each kind of error', () => {
    const codes = [
      'input.invalid',
      'access.denied',
      'resource.not_found',
      'resource.exists',
      'backend.unavailable',
      'internal',
    ] as const;
    expect(codes.map((code) => exitCodeOf(new KnotError(code, 'x')))).toEqual([2, 3, 4, 5, 6, 1]);
    expect(exitCodeOf(new Error('x'))).toBe(1);
  });

  it('takes every flag of the table', async () => {
    const flags = keysFor('server').flatMap(({ flag, fileOf }) => (flag === undefined || fileOf ? [] : `${flag}=`));
    const { stderr } = await runInProcess(['config', 'show', ...flags]);
    expect(stderr).not.toContain('unknown option');
    expect(stderr).not.toContain('error:');
  });
});
