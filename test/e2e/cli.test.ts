import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Location } from '../tools/api-client.js';
import { ADMINISTRATOR, SHARED_TOKEN, scaffold, startLeaf } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { cleanEnv, freshFolder, startKnot, type KnotProcess } from '../tools/processes.js';

const KNOT = fileURLToPath(new URL('../../apps/cli/bin/knot.mjs', import.meta.url));

const MANIFESTS = `
kind: Variable
name: greeting
spec: { value: hello }
---
kind: Template
name: sleeper
spec:
  platform: local
  job: |
    command: ["sh", "-c", "echo $GREETING > home/greeting; exec sleep 1000"]
    env:
      GREETING: "\${{ .var.greeting }}"
  volumes: |
    volumes:
      - name: home
`;

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let url: string;
let server: KnotProcess;
let home: string;
let everythingSaid = '';

/** The program as it is installed, in the home folder of one person, with what is piped into it. */
async function knot(args: string[], input = ''): Promise<Outcome> {
  const child = spawn(process.execPath, [KNOT, ...args], { cwd: home, env: cleanEnv(home), timeout: 60_000 });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  everythingSaid += stdout + stderr;
  return { code, stdout, stderr };
}

async function good(args: string[], input = ''): Promise<string> {
  const { code, stdout, stderr } = await knot(args, input);
  if (code !== 0) throw new Error(`knot ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

beforeAll(async () => {
  home = freshFolder('home');
  url = `http://127.0.0.1:${await freePort()}`;
  const cluster = { 'server.location': 'home', 'server.shared_token': SHARED_TOKEN };
  const config = await scaffold({ 'server.listen': url, 'server.url': url, ...cluster });
  server = await startKnot({ config, name: 'origin' });
  await server.waitForUrl(`${url}/readyz`);
  await startLeaf({ url }, { location: 'lon', local: true });
});

describe('the command line', () => {
  it('makes the first administrator and keeps its token for itself', async () => {
    const { username, email, password } = ADMINISTRATOR;
    const early = await knot(['connect', url, '--username', username], `${password}\n`);
    expect(early).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('--setup-code <code>') });

    const line = await server.waitForLine(/set-?up code|with the code/i);
    const [code = ''] = /[A-Za-z0-9]{4}(-[A-Za-z0-9]{4}){3}/.exec(line) ?? [];
    const person = ['--setup-code', code, '--username', username, '--email', email, '--scope', 'all'];
    expect(await good(['connect', url, ...person], `${password}\n`)).toContain(`connected to ${url} as ${username}`);

    const file = join(home, '.config/knot/knot.yaml');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(parse(readFileSync(file, 'utf8')).client.server).toBe(url);
  });

  it('takes a template from a file to a running space and back to nothing', async () => {
    const lon = async (): Promise<Location> => JSON.parse(await good(['locations', 'show', 'lon', '--json']));
    await eventually(
      lon,
      ({ live, platforms }: Location) => live && platforms.some(({ platform, ready }) => platform === 'local' && ready),
      { timeout: 60_000, what: 'lon to be live' },
    );
    writeFileSync(join(home, 'all.yaml'), MANIFESTS);
    const dry = await good(['apply', '-f', 'all.yaml', '--dry-run']);
    expect(await good(['apply', '-f', 'all.yaml'])).toBe(dry);
    expect(await good(['apply', '-f', 'all.yaml'])).not.toMatch(/created|updated/);

    expect(await good(['spaces', 'create', 'web', 'sleeper', '--location', 'lon'])).toContain('web created');
    expect(await good(['spaces', 'start', 'web', '--wait'])).toBe('web: start done\n');
    const shown = await good(['spaces', 'show', 'web']);
    expect(shown).toMatch(/^Phase: +Running \(wanted: running\)$/m);
    expect(shown).toMatch(/^ {2}Ready +True +Healthy /m);
    expect(shown).toMatch(/^ {2}Submitted +\d\d:\d\d:\d\d +\d+\.\d+s/m);
    expect(shown).toMatch(/^Volumes:\n {2}NAME .*\n {2}home +ready /m);
    expect(await good(['spaces', 'watch', 'web', '--until', 'Running'])).toMatch(/Submitted[^]*Ready[^]*Running/);

    const watching = good(['spaces', 'watch', 'web', '--until', 'Deleted', '--json']);
    expect(await good(['spaces', 'stop', 'web', '--wait'])).toBe('web: stop done\n');
    expect(await good(['spaces', 'list'])).toMatch(/^web +Stopped +sleeper +lon /m);
    expect(await knot(['spaces', 'delete', 'web'])).toMatchObject({ code: 5 });
    expect(await good(['spaces', 'delete', 'web', '--yes', '--wait'])).toBe('web: delete done\n');
    const lines = (await watching).trimEnd().split('\n');
    expect(lines.map((text) => JSON.parse(text).phase)).toEqual(expect.arrayContaining(['Stopped', 'Deleted']));
    expect(await knot(['spaces', 'show', 'web'])).toMatchObject({ code: 4 });
  });

  it('tells what went wrong by its exit code', async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const cases: [string[], number, RegExp][] = [
      [['spaces', 'list', '--no-such-flag'], 2, /unknown option/],
      [['spaces', 'create', 'no--good', 'sleeper'], 2, /two hyphens/],
      [['apply', '-f', 'nothing.yaml'], 2, /nothing.yaml: there is no such file/],
      [['spaces', 'list', '--token', 'not-a-token'], 3, /knot connect/],
      [['templates', 'show', 'nothing'], 4, /no template nothing/],
      [['templates', 'delete', 'sleeper'], 5, /--yes/],
      [['spaces', 'list', '--server', nowhere], 6, /nothing listens there/],
    ];
    for (const [args, code, sentence] of cases) {
      const outcome = await knot(args);
      expect({ args, ...outcome }).toMatchObject({ args, code, stdout: '', stderr: expect.stringMatching(sentence) });
    }
  });

  it('has printed neither token nor password', () => {
    const { token } = parse(readFileSync(join(home, '.config/knot/knot.yaml'), 'utf8')).client;
    expect(token.length).toBeGreaterThan(30);
    for (const secret of [token, ADMINISTRATOR.password]) {
      expect(everythingSaid).not.toContain(secret);
      expect(server.output()).not.toContain(secret);
    }
  });
});
