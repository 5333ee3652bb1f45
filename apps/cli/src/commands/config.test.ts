import { describe, expect, it } from 'vitest';
import { runInProcess } from '../testing/run-in-process.js';

const FILE = '/work/knot.yaml';

describe('knot config check', () => {
  it('says ok on stdout, and what it would warn of on stderr', async () => {
    const files = { [FILE]: 'server: { tunnel_domain: t.example.com, location: a, shared_token: short }' };
    const { code, stdout, stderr } = await runInProcess(['config', 'check'], files);
    expect(code).toBe(0);
    expect(stdout).toBe('ok: /work/knot.yaml (origin, location a, SQLite under /home/ann/.local/share/knot)\n');
    expect(stderr).toMatch(/^warning: .*server.shared_token.*\nnote: server.tunnel_domain: .*\n$/);
  });

  it('is right with no file at all', async () => {
    expect(await runInProcess(['config', 'check'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ok: no file/),
    });
  });

  it('fails with exit code 2 and every problem, its place and the nearest key', async () => {
    const { code, stdout, stderr } = await runInProcess(['config', 'check'], {
      [FILE]: 'server:\n  lisen: x\nlgo: 1\n',
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('/work/knot.yaml:2:3: server.lisen: this key is not known; did you mean server.listen?');
    expect(stderr).toContain('/work/knot.yaml:3:1: lgo: this key is not known; did you mean log?');
  });

  it('gives the problems to programs with --json', async () => {
    const { code, stdout } = await runInProcess(['config', 'check', '--json'], {
      [FILE]: 'server: { location: " " , mysql: 3 }',
    });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, problems: [{ key: 'server.mysql', line: 1 }] });
    const fine = await runInProcess(['config', 'check', '--json']);
    expect(JSON.parse(fine.stdout)).toEqual({ ok: true, file: null, problems: [], warnings: [], notices: [] });
  });

  it('takes the flags of the server in every form', async () => {
    const args = ['-c', 'my.yaml', '-l', ':0', '--redis-hosts', 'a:1,b:2', '--redis-hosts=c:3', '--allow-plaintext'];
    const more = ['--use-tls=false', '--shared-token', 'one,two-three-four-five', '--standby', 'false'];
    const { code, stdout, stderr } = await runInProcess(['config', 'show', '--json', ...args, ...more], {
      '/work/my.yaml': '',
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows: { key: string; value: unknown; from: string }[] = JSON.parse(stdout);
    const row = (key: string) => rows.find((candidate) => candidate.key === key);
    expect(row('server.redis.hosts')).toMatchObject({ value: ['a:1', 'b:2', 'c:3'], from: '--redis-hosts' });
    expect(row('server.allow_plaintext')).toMatchObject({ value: true, from: '--allow-plaintext' });
    expect(row('server.tls.use_tls')).toMatchObject({ value: false, from: '--use-tls' });
    expect(row('server.standby')).toMatchObject({ value: false, from: '--standby' });
    expect(row('server.shared_token')).toMatchObject({ value: ['***'], from: '--shared-token' });
  });

  it('takes the environment of the agent with --for agent, and no flag of the server', async () => {
    const change = { env: { KNOT_SPACEID: 'web' } };
    expect((await runInProcess(['config', 'check'], {}, change)).code).toBe(0);
    const agent = await runInProcess(['config', 'check', '--for', 'agent'], {}, change);
    expect(agent).toMatchObject({ code: 2, stderr: expect.stringContaining('$KNOT_SPACEID: agent.space_id') });
    const flagged = await runInProcess(['config', 'check', '--for', 'agent', '--location', 'x']);
    expect(flagged).toMatchObject({ code: 2, stderr: expect.stringContaining('--location is a flag of the server') });
  });
});

describe('knot config show', () => {
  it('prints each value and where it came from, secrets masked', async () => {
    const files = { [FILE]: 'server:\n  encrypt: abcdefghijklmnopq\n' };
    const change = { env: { KNOT_NOMAD_ADDR: 'https://nomad:4646' } };
    const { code, stdout } = await runInProcess(['config', 'show', '--location', 'edge'], files, change);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^KEY +VALUE +FROM$/m);
    expect(stdout).toMatch(/^server\.location +edge +--location$/m);
    expect(stdout).toMatch(/^server\.nomad\.addr +https:\/\/nomad:4646 +\$KNOT_NOMAD_ADDR$/m);
    expect(stdout).toMatch(/^server\.encrypt +\*\*\* +\/work\/knot\.yaml:2:3$/m);
    expect(stdout).toMatch(/^server\.wildcard_domain +- +default$/m);
    expect(stdout).not.toContain('abcdefghijklmnopq');
  });
});
