import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliOrigin, PASSWORD, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let ann: RunCli;
let bob: RunCli;

beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
  await origin.test.liveLocation('home');
  const api = await origin.test.signIn('ann');
  const user = { username: 'bob', email: 'bob@example.com', password: PASSWORD };
  await api('POST', '/api/v1/users', { body: user });
  const job = 'job "x" { group "g" { task "t" { driver = "docker" } } }';
  await api('POST', '/api/v1/templates', { body: { name: 'ubuntu', platform: 'nomad', job } });
  bob = origin.as('bob');
  await bob(['connect', origin.url, '--username', 'bob'], { input: `${PASSWORD}\n` });
});
afterAll(() => origin.close());

describe('knot spaces', () => {
  it('creates, lists, shows, starts, stops and deletes by name', async () => {
    expect(await bob(['spaces', 'create', 'web', 'ubuntu', '--description', 'mine'])).toMatchObject({
      code: 0,
      stdout: 'web created from ubuntu at home\n',
    });
    expect((await bob(['spaces', 'list'])).stdout).toMatch(/^NAME +PHASE .*\nweb +Stopped +ubuntu +home /);
    expect(await bob(['spaces', 'start', 'WEB'])).toMatchObject({ code: 0, stdout: 'web: start accepted\n' });
    const shown = await bob(['spaces', 'show', 'web']);
    expect(shown.stdout).toMatch(/^Name: +web$/m);
    expect(shown.stdout).toMatch(/^Phase: +Queued \(wanted: running\)$/m);
    expect(shown.stdout).toMatch(/^Template: +ubuntu on nomad, version 1$/m);
    expect(shown.stdout).toMatch(/^Wished: +\d+s ago by bob$/m);
    const json = JSON.parse((await bob(['spaces', 'show', 'web', '--json'])).stdout);
    expect(json).toMatchObject({ name: 'web', phase: 'Queued', want: 'running', description: 'mine' });
    expect((await bob(['spaces', 'change', 'web', '--name', 'site'])).stdout).toBe('site changed\n');
    expect(JSON.parse((await bob(['spaces', 'stop', 'site', '--json'])).stdout)).toMatchObject({ kind: 'space.stop' });
    expect(await bob(['spaces', 'delete', 'site', '--yes'])).toMatchObject({
      code: 0,
      stdout: /delete (accepted|done)/,
    });
    expect((await bob(['spaces', 'list', '--json'])).stdout).toContain('"Deleting"');
  });

  it('asks for the name before it deletes, and does not where nobody can answer', async () => {
    await bob(['spaces', 'create', 'kept', 'ubuntu']);
    const refused = await bob(['spaces', 'delete', 'kept']);
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('Give --yes') });
    const mistyped = await bob(['spaces', 'delete', 'kept'], { input: 'kep\n', interactive: true });
    expect(mistyped).toMatchObject({ code: 5, stderr: expect.stringContaining('nothing was done') });
    expect((await bob(['spaces', 'show', 'kept'])).code).toBe(0);
    const typed = await bob(['spaces', 'delete', 'kept'], { input: 'kept\n', interactive: true });
    expect(typed).toMatchObject({ code: 0, stderr: expect.stringContaining('bob/kept with its volumes') });
    expect(await bob(['spaces', 'show', 'kept'])).toMatchObject({ code: 4 });
  });

  it('takes one’s own before those of others, and refuses to guess', async () => {
    const names = ['shared', 'mine'];
    for (const name of names) await bob(['spaces', 'create', name, 'ubuntu']);
    await ann(['spaces', 'create', 'mine', 'ubuntu']);
    const api = await origin.test.signIn('ann');
    const user = { username: 'cat', email: 'cat@example.com', password: PASSWORD };
    await api('POST', '/api/v1/users', { body: user });
    const cat = origin.as('cat');
    await cat(['connect', origin.url, '--username', 'cat'], { input: `${PASSWORD}\n` });
    await cat(['spaces', 'create', 'shared', 'ubuntu']);

    const own = JSON.parse((await ann(['spaces', 'show', 'mine', '--json'])).stdout);
    expect(own.owner.username).toBe('ann');
    const both = await ann(['spaces', 'show', 'shared']);
    expect(both).toMatchObject({ code: 2, stdout: '' });
    expect(both.stderr).toMatch(/shared may be one of (bob\/shared, cat\/shared|cat\/shared, bob\/shared)\nName one/);
    const bobs = JSON.parse((await ann(['spaces', 'show', 'Bob/shared', '--json'])).stdout);
    expect(bobs.owner.username).toBe('bob');
    expect((await ann(['spaces', 'show', bobs.id])).code).toBe(0);
    expect(await cat(['spaces', 'show', bobs.id])).toMatchObject({ code: 4 });
    expect((await ann(['spaces', 'list'])).stdout).toMatch(/^NAME +OWNER +PHASE/);
  });

  it('walks lists that are longer than a page', async () => {
    const api = await origin.test.signIn('bob');
    const templates = (await api('GET', '/api/v1/templates?q=ubuntu')).body.items;
    const made = Array.from({ length: 230 }, (_, index) =>
      api('POST', '/api/v1/spaces', { body: { name: `many-${index}`, templateId: templates[0].id } }),
    );
    await Promise.all(made);
    const { stdout } = await bob(['spaces', 'list', '--search', 'many-', '--json']);
    expect(new Set(JSON.parse(stdout).map(({ name }: { name: string }) => name)).size).toBe(230);
  });

  it('has an exit code for each kind of failure', async () => {
    const elsewhere = { env: { KNOT_SERVER: 'http://127.0.0.1:5', KNOT_TOKEN: 'x-secret-token' } };
    const cases: [string[], object, number, RegExp][] = [
      [['spaces', 'list', '--phase', 'Nope'], {}, 2, /Allowed choices are/],
      [['spaces', 'create', 'a--b', 'ubuntu'], {}, 2, /two hyphens/],
      [['spaces', 'create', 'web', 'nope'], {}, 4, /no template nope/],
      [['spaces', 'create', 'mine', 'ubuntu'], {}, 5, /mine/],
      [['spaces', 'restart', 'mine'], {}, 5, /nothing to restart/],
      [['spaces', 'list', '--token', 'wrong'], {}, 3, /token is not known/],
      [['spaces', 'list'], { env: {}, home: '/nowhere', cwd: '/nowhere' }, 2, /no server is named/],
      [['spaces', 'list'], elsewhere, 6, /nothing listens there/],
      [['spaces', 'watch', 'mine', '--timeout', 'soon'], {}, 2, /a time like 30s/],
    ];
    for (const [args, change, code, text] of cases) {
      const outcome = await bob(args, { change });
      expect({ args, ...outcome }).toMatchObject({ args, code, stdout: '', stderr: expect.stringMatching(text) });
      expect(outcome.stderr).not.toContain('x-secret-token');
    }
  });

  it('shares a port by its number or by what it is called, and says which there are', async () => {
    await ann(['spaces', 'create', 'shop', 'ubuntu']);
    await ann(['spaces', 'start', 'shop']);
    const share = (port: string, level = 'users') => ann(['spaces', 'share-port', 'shop', port, level]);
    expect(await share('docs')).toMatchObject({ code: 4, stderr: expect.stringContaining('It offers none: start it') });
    const web = { protocol: 'http' as const };
    const ports = [
      { ...web, port: 8080, label: 'Docs' },
      { ...web, port: 8081, label: '' },
      { ...web, port: 5680, label: '', kind: 'desktop' as const },
      { port: 5432, label: 'db', protocol: 'tcp' as const },
    ];
    await origin.report('shop', { workload: 'healthy', ports });
    expect(await share('docs')).toMatchObject({ code: 0, stdout: 'port 8080 (Docs) of shop is for users\n' });
    expect(await share('vnc', 'group')).toMatchObject({ code: 0, stdout: 'port 5680 of shop is for group\n' });
    expect((await share('8081')).stdout).toBe('port 8081 of shop is for users\n');
    const unknown = await share('db');
    expect(unknown.code).toBe(4);
    expect(unknown.stderr).toContain('shop offers no web port db at the moment');
    expect(unknown.stderr).toContain('It offers Docs (8080), 8081, vnc (5680). A number goes too.');
    expect((await share('70000')).code).toBe(2);
    const forward = (port: string) => ann(['forward', 'port', 'shop', port]);
    const nothing = await forward('3000:web');
    expect([nothing.code, nothing.stderr]).toEqual([
      4,
      expect.stringContaining('shop offers no port web at the moment'),
    ]);
    expect(nothing.stderr).toContain('It offers Docs (8080), 8081, vnc (5680), db (5432). A number goes too.');
    expect(await forward('70000:db')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('70000:5432 is no port'),
    });
  });
});
