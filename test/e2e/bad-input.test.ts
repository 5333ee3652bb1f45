import { beforeAll, describe, expect, it } from 'vitest';
import { ApiProblem, type Space } from '../tools/api-client.js';
import { locationReady, scaffold, startLeaf, startOrigin, SHARED_TOKEN, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { startNomad } from '../tools/nomad.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { freePort } from '../tools/ports.js';
import { freshFolder, runKnot, startKnot } from '../tools/processes.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import { mockJob } from './jobs.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const shared = await sharedNomad();
let nomad: NomadClient;
let origin: Origin;

beforeAll(async () => {
  nomad = await shared.freshNamespace();
  origin = await startOrigin();
  await startLeaf(origin, { location: 'lon', nomad: nomad.access });
  await locationReady(origin, 'lon', 'nomad');
});

async function refused(promise: Promise<unknown>): Promise<ApiProblem> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ApiProblem) return error;
  throw new Error('it was not refused', { cause: error });
}

let names = 0;

async function start(job: string, exceptions = ['driver:mock_driver'], volumes = ''): Promise<Space> {
  const name = `bad-${(names += 1)}`;
  const template = await origin.api.createTemplate({ name, platform: 'nomad', job, volumes, exceptions });
  const space = await origin.api.createSpace(name, template.id, 'lon');
  await origin.api.wish(space.id, 'start');
  return space;
}

/** Waits for the sentence its user reads. */
function says(space: Space, sentence: RegExp): Promise<Space> {
  return eventually(
    () => origin.api.space(space.id),
    (now) => sentence.test(now.message),
    {
      timeout: 30_000,
      what: `the sentence ${String(sentence)}`,
    },
  );
}

describe('knot.yaml', () => {
  async function check(text: string): Promise<string> {
    const folder = freshFolder('config');
    writeFileSync(join(folder, 'knot.yaml'), text);
    const { code, output } = await runKnot(['server', '--config', join(folder, 'knot.yaml')], { folder });
    expect(code).toBe(2);
    return output;
  }

  it('with a wrong key names line, key and the nearest known one', async () => {
    const output = await check('server:\n  listn: http://127.0.0.1:3000\n');
    expect(output).toMatch(/knot\.yaml:2:3/);
    expect(output).toMatch(/server\.listn/);
    expect(output).toMatch(/server\.listen/);
  });

  it('with a wrong type says what is allowed', async () => {
    const output = await check('server:\n  audit_retention: soon\n');
    expect(output).toMatch(/server\.audit_retention/);
    expect(output).toMatch(/whole number/);
  });
});

describe('a leaf', () => {
  it('with an unknown token says so, goes on trying and does not exit', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const config = await scaffold({
      'server.listen': url,
      'server.location': 'ber',
      'server.shared_token': `${SHARED_TOKEN}-but-wrong`,
      'server.origin_server': origin.url,
    });
    const leaf = await startKnot({ config, name: 'leaf' });
    await leaf.waitForUrl(`${url}/readyz`);
    await eventually(() => /shared_token is not one that this origin accepts/.test(leaf.output()), Boolean);
    expect(leaf.isRunning()).toBe(true);
    expect(leaf.output()).not.toContain(`${SHARED_TOKEN}-but-wrong`);
  });

  it('whose Nomad token is refused shows it on its location and loses nothing', async () => {
    await startLeaf(origin, { location: 'den', nomad: { ...nomad.access, token: crypto.randomUUID() } });
    await eventually(
      () => origin.api.location('den'),
      (location) => location.platforms.some(({ ready, message }) => !ready && /token|403|not allow/i.test(message)),
      { timeout: 30_000, what: 'the refusal on the location' },
    );
  });

  it('whose Nomad is down says so, and starts what was wished once it is back', async () => {
    const own = await startNomad();
    const client = await own.freshNamespace();
    await startLeaf(origin, { location: 'osl', nomad: client.access });
    await locationReady(origin, 'osl', 'nomad');
    const exceptions = ['driver:mock_driver'];
    const template = await origin.api.createTemplate({ name: 'down', platform: 'nomad', job: mockJob(), exceptions });
    const space = await origin.api.createSpace('down', template.id, 'osl');
    await own.down();
    await origin.api.wish(space.id, 'start').catch(() => undefined);
    const wished = (await origin.api.space(space.id)).want === 'running';
    if (wished) await says(space, /nomad/i);
    await own.up();
    await locationReady(origin, 'osl', 'nomad');
    if (!wished) await origin.api.wish(space.id, 'start');
    await origin.api.phase(space.id, 'Running', { timeout: 90_000 });
  }, 180_000);
});

describe('a template', () => {
  it('whose HCL does not parse is told in the words of Nomad', async () => {
    const space = await start('job "x" { datacenters = [ }');
    const now = await says(space, /line|:1|invalid|parse/i);
    expect(now.phase).toBe('Failed');
  });

  it('whose HCL does not parse is saved, and told at once in the words of Nomad', async () => {
    const job = 'job "x" {\n  datacenters = ["dc1"\n  type = "service"\n}\n';
    const saved = await origin.api.createTemplate({ name: 'unparsed', platform: 'nomad', job, locations: ['lon'] });
    const [warning] = saved.warnings ?? [];
    expect(saved).toMatchObject({ present: 1, warnings: [{ line: expect.any(Number), hint: 'Mend the template.' }] });
    expect(warning?.message).toMatch(/^Job, line [23], column \d+: Missing item separator/);
    const put = (body: object) => origin.api.request('PUT', `/templates/${saved.id}`, { name: 'unparsed', ...body });
    expect(await put({ job: mockJob() })).toMatchObject({
      warnings: [{ message: expect.stringContaining('mock_driver') }],
    });
    expect(await put({ job: mockJob(), exceptions: ['driver:mock_driver'] })).toMatchObject({ warnings: [] });
  });

  it('that uses a missing variable is refused at the start, by name', async () => {
    const template = await origin.api.createTemplate({
      name: 'missing',
      platform: 'nomad',
      job: mockJob({ run_for: '${{ .var.nowhere }}' }),
    });
    const space = await origin.api.createSpace('missing', template.id, 'lon');
    const error = await refused(origin.api.wish(space.id, 'start'));
    expect(error.problem.detail).toMatch(/nowhere/);
    expect((await origin.api.space(space.id)).want).toBe('stopped');
  });

  it('with ${{ and no end is refused when saved, at line and column', async () => {
    const job = 'job "x" {\n  name = "${{ .space.name"\n}';
    const error = await refused(origin.api.createTemplate({ name: 'endless', platform: 'nomad', job }));
    expect(error.problem.code).toBe('template.syntax');
    expect(JSON.stringify(error.problem)).toMatch(/"line":2/);
  });

  it('of more than 10 MB is refused by its size', async () => {
    const job = `# ${'x'.repeat(10 * 1024 * 1024)}`;
    const error = await refused(origin.api.createTemplate({ name: 'huge', platform: 'nomad', job }));
    expect(error.status).toBe(413);
    expect(error.problem.detail).toMatch(/10/);
  });

  it('gets values with quotes and newlines into HCL as they are', async () => {
    const value = 'a "quoted"\nline, a \\ and a }';
    await origin.api.request('POST', '/variables', { name: 'evil', value });
    const space = await start(mockJob({ run_for: '1000h', stdout_string: '${{ .var.evil }}' }));
    await origin.api.phase(space.id, 'Running', { timeout: 60_000 });
    const job = await nomad.job(`knot-${space.id}`);
    const [group] = job?.['TaskGroups'] as { Tasks: { Config: { stdout_string: string } }[] }[];
    expect(group?.Tasks[0]?.Config.stdout_string).toBe(value);
  });

  it("that mounts another space's volume is refused by name", async () => {
    const theirs = `knot-${crypto.randomUUID()}-home`;
    const group = `group "main" {\n    volume "v" {\n      type = "host"\n      source = "${theirs}"\n    }`;
    const space = await start(mockJob().replace('group "main" {', group));
    await says(space, new RegExp(theirs));
    expect(await nomad.job(`knot-${space.id}`)).toBeUndefined();
  });

  it('with a driver that nobody approved is refused by name', async () => {
    const space = await start(mockJob(), []);
    await says(space, /mock_driver/);
  });
});

describe("somebody else's job", () => {
  it('under the name of a space is left as it is, and the space says so', async () => {
    const exceptions = ['driver:mock_driver'];
    const template = await origin.api.createTemplate({ name: 'taken', platform: 'nomad', job: mockJob(), exceptions });
    const space = await origin.api.createSpace('taken', template.id, 'lon');
    const id = `knot-${space.id}`;
    const task = {
      Name: 'main',
      Driver: 'mock_driver',
      Config: { run_for: '1h' },
      Resources: { CPU: 5, MemoryMB: 10 },
    };
    await nomad.register({ ID: id, TaskGroups: [{ Name: 'main', Count: 1, Tasks: [task] }] });
    const before = await nomad.job(id);
    await origin.api.wish(space.id, 'start');
    await says(space, /did not make/);
    await origin.api.deleteSpace(space);
    await origin.api.gone(space.id);
    expect((await nomad.job(id))?.JobModifyIndex).toBe(before?.JobModifyIndex);
  });
});
