import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliOrigin, PASSWORD, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let ann: RunCli;

const JOB = 'job "x" { group "g" { task "t" {\n driver = "docker"\n env { A = "${{ .var.greeting }}" } } } }\n';
const FILES = { 'job.hcl': JOB, 'volumes.yaml': 'volumes:\n  - name: home\n', 'broken.hcl': 'a ${{ if }} b' };

beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
  await origin.test.liveLocation('home');
});
afterAll(() => origin.close());

/** Runs ann's knot beside these files and expects it to do well. */
async function good(args: string[], options: { input?: string; interactive?: boolean } = {}): Promise<string> {
  const home = origin.homeOf('ann');
  const files = Object.fromEntries(Object.entries(FILES).map(([name, text]) => [`${home}/${name}`, text]));
  const outcome = await ann(args, { ...options, files });
  if (outcome.code !== 0) throw new Error(`${args.join(' ')}: ${outcome.stderr}`);
  return outcome.stdout;
}

describe('knot templates', () => {
  it('creates from files, shows, saves versions, renders and deletes', async () => {
    const texts = ['--job', 'job.hcl', '--volumes', 'volumes.yaml'];
    expect(await good(['templates', 'create', 'ubuntu', '--platform', 'nomad', ...texts])).toBe(
      'ubuntu created, version 1\n',
    );
    expect(await good(['templates', 'list'])).toMatch(/^NAME .*\nhello +local [^]*\nubuntu +nomad +1 +0 /);
    expect(await good(['templates', 'show', 'ubuntu'])).toMatch(/^Variables: +greeting$[^]*^Job:\n {2}job "x"/m);
    expect(await good(['templates', 'update', 'ubuntu', '--description', 'plain'])).toContain('its version stays 1');
    const saved = await good(['templates', 'update', 'ubuntu', '--job', '-', '--note', 'less'], {
      input: 'job "y" {}',
    });
    expect(saved).toBe('ubuntu saved as version 2\n');
    expect(await good(['templates', 'versions', 'ubuntu'])).toMatch(/^2 +ann .* less\n1 +ann /m);
    expect(await good(['templates', 'show', 'ubuntu', '--number', '1'])).toContain('driver = "docker"');
    await good(['templates', 'update', 'ubuntu', '--restart', 'never', '--exception', 'driver:raw_exec']);
    expect(await good(['templates', 'diff', 'ubuntu', '1', '2'])).toMatch(
      /^--- job, version 1\n\+\+\+ job, version 2\n@@ [^]*^-job "x"[^]*^\+job "y" \{\}$/m,
    );
    expect(await good(['templates', 'diff', 'ubuntu', '2'])).toBe(
      'restart: always -> never\nexception added: driver:raw_exec\n',
    );
    expect(await good(['templates', 'diff', 'ubuntu', '3'])).toBe('versions 3 and 3 of ubuntu are the same\n');
    expect(await ann(['templates', 'diff', 'ubuntu', '1', '9'])).toMatchObject({ code: 4 });
    expect(await good(['templates', 'rollback', 'ubuntu', '2'])).toBe(
      'ubuntu saved as version 4, equal to version 2\n',
    );
    expect(await good(['templates', 'versions', 'ubuntu'])).toMatch(/^4 +ann .* back to version 2\n3 /m);
    expect(await ann(['templates', 'roll-back', 'ubuntu', '2'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('is the same as version 2'),
    });
    const kept = JSON.parse(await good(['templates', 'show', 'ubuntu', '--json']));
    expect(kept).toMatchObject({ job: 'job "y" {}', volumes: FILES['volumes.yaml'], description: 'plain' });
    expect(await good(['templates', 'render', 'ubuntu'])).toContain('job "y" {}');
    expect(await good(['templates', 'delete', 'ubuntu'], { input: 'ubuntu\n', interactive: true })).toBe(
      'ubuntu deleted\n',
    );
  });

  it('names file, line and column of what cannot be rendered', async () => {
    await good(['templates', 'create', 'other', '--platform', 'nomad', '--job', 'job.hcl']);
    const file = `${origin.homeOf('ann')}/broken.hcl`;
    const broken = { files: { [file]: FILES['broken.hcl'] } };
    const outcome = await ann(['templates', 'render', 'other', '--job', 'broken.hcl'], broken);
    expect(outcome).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/broken\.hcl:1:\d+: /) });
    const missing = await ann(['templates', 'render', 'other', '--job', 'nope.hcl']);
    expect(missing).toMatchObject({ code: 2, stderr: 'knot: nope.hcl: there is no such file\n' });
  });
});

describe('knot variables', () => {
  it('sets from the line, a file and standard input, and never shows a protected one', async () => {
    expect(await good(['variables', 'set', 'greeting', 'hello'])).toBe('greeting created\n');
    expect(await good(['variables', 'set', 'greeting', '--location', 'home', '--file', 'job.hcl'])).toContain(
      'at home',
    );
    expect(await good(['variables', 'set', 'secret', '--protected'], { input: 'hunter2\n' })).toBe('secret created\n');
    expect(await good(['variables', 'set', 'secret'], { input: 'hunter3', interactive: true })).toBe(
      'secret changed\n',
    );
    const list = await good(['variables', 'list']);
    expect(list).toMatch(/^greeting +\(all\) .* hello$/m);
    expect(list).toMatch(/^greeting +home .* job "x".* \(\+3 lines\)$/m);
    expect(list).toMatch(/^secret +\(all\) +protected .* \*\*\*$/m);
    expect(await good(['variables', 'list', '--json'])).not.toMatch(/hunter/);
    const api = await origin.test.signIn('ann');
    const variables = (await api('GET', '/api/v1/variables?q=greeting')).body.items;
    expect(variables.find(({ location }: { location: string }) => location === 'home').value).toBe(JOB);
    const seen = await ann(['variables', 'set', 'other', 'value', '--protected']);
    expect(seen.stderr).toContain('warning: a value on the command line can be seen');
    expect(await good(['variables', 'delete', 'greeting', '--yes'])).toBe('greeting deleted\n');
    expect(await ann(['variables', 'delete', 'greeting', '--yes'])).toMatchObject({ code: 4 });
  });

  it('lets the templates that are named use a protected one', async () => {
    await good(['variables', 'set', 'token', '--protected'], { input: 'hunter2\n' });
    expect(await good(['variables', 'allow', 'token', 'hello', 'hello-nomad'])).toBe(
      'token may be used by hello, hello-nomad\n',
    );
    expect(JSON.parse(await good(['variables', 'list', '--search', 'token', '--json']))[0].templates).toHaveLength(2);
    expect(await good(['variables', 'allow', 'token'])).toBe('token may be used by no template\n');
    expect(await ann(['variables', 'allow', 'token', 'nope'])).toMatchObject({ code: 4 });
    await good(['variables', 'set', 'plain', 'x1']);
    expect(await ann(['variables', 'allow', 'plain', 'hello'])).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('plain is not protected'),
    });
  });
});

describe('knot volumes', () => {
  it('defines, makes, destroys and deletes', async () => {
    const create = ['volumes', 'create', 'cache', '--platform', 'nomad', '--location', 'home'];
    expect(await good([...create, '--definition', 'volumes.yaml'])).toBe('cache defined\n');
    expect(await good(['volumes', 'make', 'cache'])).toBe('cache is to be made\n');
    expect(await good(['volumes', 'list'])).toMatch(/^cache +nomad +home +present /m);
    expect(await good(['volumes', 'show', 'cache'])).toContain('Definition:\n  volumes:\n    - name: home\n');
    expect(await ann(['volumes', 'destroy', 'cache'], { input: 'no\n', interactive: true })).toMatchObject({ code: 5 });
    expect(await good(['volumes', 'destroy', 'cache', '--yes'])).toContain('to be destroyed');
    expect(await good(['volumes', 'delete', 'cache', '--yes'])).toContain('to be deleted');
  });
});

describe('knot locations', () => {
  it('lists, shows, sets the policy and makes tokens', async () => {
    expect(await good(['locations', 'list'])).toMatch(/^home +live +\S+ +\d+ +\d+s ago +nomad, local +\d+ /m);
    expect(await good(['locations', 'policy', 'home', '--drivers', 'docker,exec'])).toContain(
      'drivers docker, exec; host',
    );
    const shown = await good(['locations', 'show', 'home']);
    expect(shown).toMatch(/^Drivers allowed: +docker, exec$/m);
    expect(shown).toMatch(/Platforms:\n {2}PLATFORM/);
    expect(await good(['locations', 'orphans'])).toMatch(/^LOCATION +SPACE ID/);
    expect((await good(['locations', 'token', 'berlin'])).trim()).toMatch(/^\S{20,}$/);
    expect(await good(['locations', 'force-forget', 'berlin', '--yes'])).toContain('berlin is forgotten');
    expect(await ann(['locations', 'show', 'nowhere'])).toMatchObject({ code: 4 });
    const nobody = ['locations', 'approve', 'home', '0198c5a0-8a4e-7c2f-b5a1-2f6f8e1d9c3b'];
    expect((await ann(nobody)).code).not.toBe(0);
  });
});

describe('knot users', () => {
  it('creates, changes and deletes', async () => {
    const made = await good(['users', 'create', 'bob', '--email', 'bob@example.com'], { input: `${PASSWORD}\n` });
    expect(made).toBe('bob created\n');
    const differ = { input: `${PASSWORD}\nanother\n`, interactive: true };
    expect(await ann(['users', 'create', 'cat', '--email', 'c@d.e'], differ)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('differ'),
    });
    expect(await good(['users', 'change', 'BOB@example.com', '--max-running', '2', '--deactivate'])).toContain('bob');
    expect(await good(['users', 'list'])).toMatch(/^bob +bob@example.com +user +no +0 of 2 +0$/m);
    expect(await good(['users', 'delete', 'bob', '--yes'])).toBe('bob deleted\n');
  });

  it('deletes one with spaces only when told so, and says before what goes', async () => {
    await good(['users', 'create', 'dan', '--email', 'dan@example.com'], { input: `${PASSWORD}\n` });
    await good(['templates', 'create', 'paper', '--platform', 'nomad', '--job', 'job.hcl']);
    const dan = origin.as('dan');
    await dan(['connect', origin.url, '--username', 'dan', '--scope', 'all'], { input: `${PASSWORD}\n` });
    expect((await dan(['spaces', 'create', 'notes', 'paper'])).code).toBe(0);
    expect(await ann(['users', 'delete', 'dan', '--yes'])).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/^knot: dan has 1 space\n.*--with-spaces/),
    });
    const typed = { interactive: true, input: 'Dan\n' };
    const wrong = await ann(['users', 'delete', 'dan', '--with-spaces'], typed);
    expect(wrong).toMatchObject({ stdout: '', stderr: expect.stringMatching(/notes +home +stopped[^]*API tokens/) });
    expect(await good(['users', 'list'])).toContain('dan@example.com');
    expect(await good(['users', 'delete', 'dan', '--with-spaces'], { interactive: true, input: 'dan\n' })).toContain(
      'dan goes as soon as the last space is gone',
    );
    expect(await good(['users', 'list'])).not.toContain('dan@example.com');
  });

  it('says how to get a token for more when one is for spaces only', async () => {
    const knot = origin.as('small');
    await knot(['connect', origin.url, '--username', 'ann'], { input: `${PASSWORD}\n` });
    const refused = await knot(['users', 'list']);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain(`\`knot connect ${origin.url} --scope all\` makes a token for all that you may.`);
  });
});

describe('knot operations and version', () => {
  it('lists what was wished for', async () => {
    await good(['templates', 'create', 'plain', '--platform', 'local', '--job', '-'], { input: 'command: [sleep]' });
    await good(['spaces', 'create', 'web', 'plain', '--start']);
    expect(await good(['operations', '--space', 'web'])).toMatch(/space\.start +ann\/web +pending/);
  });

  it('prints both versions, and only its own where no server is named', async () => {
    expect(await good(['version'])).toMatch(/^knot: +\S+\nserver: +0\.1\.0 \(API 1\) at http/);
    expect((await origin.as('nobody')(['version'])).stdout).toMatch(/^knot: +\d\S+\n$/);
  });

  it.each([
    ['<html>hello</html>', 200, 'text/html', /answers, but not as knot does \(200, text\/html\)/],
    ['', 302, 'text/html', /sends its visitors to https:\/\/elsewhere/],
    ['bad gateway', 502, 'text/html', /the server behind it does not \(502\)/],
    ['{"version":"9.0.0","api":"2"}', 200, 'application/json', /speaks version 2 of the API/],
  ])('says so when %j answers instead of knot', async (body, status, type, sentence) => {
    const server = createServer((_, response) =>
      response.writeHead(status, { 'content-type': type, location: 'https://elsewhere' }).end(body),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, stderr } = await origin.as('lost')(['connect', url, '--username', 'x'], { input: 'y\n' });
    server.close();
    expect(stderr).toMatch(sentence);
    expect(code).toBe(body.startsWith('{') ? 2 : 6);
  });
});
