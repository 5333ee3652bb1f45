import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CliOrigin, PASSWORD, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
beforeAll(async () => {
  origin = await CliOrigin.open();
});
afterAll(() => origin.close());

const tokenIn = (file: string): string => parse(readFileSync(file, 'utf8')).client.token;
const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);
const connect = (knot: RunCli, ...more: string[]) =>
  knot(['connect', origin.url, '--username', 'ann', ...more], { input: `${PASSWORD}\n` });

describe('knot connect', () => {
  it('says how to set up a server that has no administrator, and does it with the code', async () => {
    const knot = origin.as('first');
    const refused = await connect(knot);
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('has no administrator yet') });
    expect(refused.stderr).toContain(`knot connect ${origin.url} --setup-code`);
    const wrong = await connect(knot, '--setup-code', 'AAAA', '--email', 'ann@example.com');
    expect(wrong).toMatchObject({ code: 3, stderr: expect.stringContaining('not the set-up code') });

    const code = origin.test.origin.setupCode ?? '';
    const done = await connect(knot, '--setup-code', code, '--email', 'ann@example.com');
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('as ann; the token is in ') });
    expect(done.stderr).toContain('this token is for your own spaces only');
    const file = join(origin.homeOf('first'), '.config/knot/knot.yaml');
    expect(modeOf(file)).toBe('600');
    expect(modeOf(join(file, '..'))).toBe('700');
    const all = JSON.stringify([refused, wrong, done]) + origin.test.lines.join('\n');
    expect(all).not.toContain(tokenIn(file));
    expect(all).not.toContain(PASSWORD);
  });

  it('makes a token that works, named after the machine, and ends the session it took', async () => {
    const knot = origin.as('second');
    expect((await connect(knot)).code).toBe(0);
    expect(await knot(['spaces', 'list'])).toMatchObject({ code: 0, stderr: '' });
    const ann = await origin.test.signIn('ann');
    const tokens = (await ann('GET', '/api/v1/tokens')).body.items;
    expect(tokens[0]).toMatchObject({ name: 'knot on box', scopes: ['spaces'] });
    const sessions = (await ann('GET', '/api/v1/sessions')).body.items;
    expect(sessions.map(({ current }: { current: boolean }) => current)).toEqual([true]);
  });

  it('keeps comments, other keys and links of the file in use, and closes it to others', async () => {
    const home = origin.homeOf('third');
    const real = join(home, 'dotfiles');
    mkdirSync(real);
    const text =
      '# mine\nlog:\n  level: warn # quiet\nClient:\n  Server: http://old:1 # work\n  token_file: old\nresolver: {}\n';
    writeFileSync(join(real, 'knot.yaml'), text, { mode: 0o644 });
    writeFileSync(join(home, 'old'), 'old-token');
    symlinkSync(join(real, 'knot.yaml'), join(home, '.knot.yaml'));
    expect(await connect(origin.as('third'))).toMatchObject({ code: 0 });
    const after = readFileSync(join(real, 'knot.yaml'), 'utf8');
    expect(after.replace(/knt_[\w-]+/, 'TOKEN')).toBe(
      `# mine\nlog:\n  level: warn # quiet\nClient:\n  Server: ${origin.url} # work\n  token: TOKEN\nresolver: {}\n`,
    );
    expect(modeOf(join(real, 'knot.yaml'))).toBe('600');
    expect(await origin.as('third')(['spaces', 'list'])).toMatchObject({ code: 0 });
  });

  it('writes the file that is named, new or not, and leaves one that is wrong as it is', async () => {
    const home = origin.homeOf('fourth');
    const knot = origin.as('fourth');
    expect(await connect(knot, '--config', 'work.yaml')).toMatchObject({ code: 0, stderr: expect.any(String) });
    expect(await knot(['spaces', 'list', '-c', 'work.yaml'])).toMatchObject({ code: 0 });
    writeFileSync(join(home, 'bad.yaml'), 'client: [');
    expect(await connect(knot, '--config', 'bad.yaml')).toMatchObject({ code: 2 });
    expect(readFileSync(join(home, 'bad.yaml'), 'utf8')).toBe('client: [');
  });

  it('asks for name and password at a terminal, and says when the password is wrong', async () => {
    const knot = origin.as('fifth');
    const wrong = await knot(['connect', origin.url], { input: 'ann\nwrong-password\n', interactive: true });
    expect(wrong).toMatchObject({ code: 3, stdout: '' });
    expect(wrong.stderr).toBe(
      'User name or e-mail: Password: knot: The name or the password is not right.\nCheck both; passwords know upper and lower case.\n',
    );
    const right = await knot(['connect', origin.url], { input: `ann@example.com\n${PASSWORD}\n`, interactive: true });
    expect(right.code).toBe(0);
    const missing = await knot(['connect', origin.url], { input: 'ann\n' });
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('Password is missing') });
  });

  it('warns of an environment that beats the file', async () => {
    const change = { env: { KNOT_TOKEN: 'x-token-of-the-environment' } };
    const { stderr } = await origin.as('sixth')(['connect', origin.url, '--username', 'ann'], {
      input: `${PASSWORD}\n`,
      change,
    });
    expect(stderr).toContain('warning: $KNOT_TOKEN is set');
    expect(stderr).not.toContain('x-token-of-the-environment');
  });
});
