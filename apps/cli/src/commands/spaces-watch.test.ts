import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CliOrigin, PASSWORD, condition, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let bob: RunCli;
let name: string;
let made = 0;

const READY = { workload: 'healthy', conditions: [condition('Ready', 'Healthy', 'It is healthy.')] } as const;

beforeAll(async () => {
  origin = await CliOrigin.open();
  await origin.administrator();
  await origin.test.liveLocation('home');
  const api = await origin.test.signIn('ann');
  await api('POST', '/api/v1/users', { body: { username: 'bob', email: 'bob@example.com', password: PASSWORD } });
  const job = 'job "x" { group "g" { task "t" { driver = "docker" } } }';
  await api('POST', '/api/v1/templates', { body: { name: 'ubuntu', platform: 'nomad', job } });
  bob = origin.as('bob');
  await bob(['connect', origin.url, '--username', 'bob'], { input: `${PASSWORD}\n` });
});
afterAll(() => origin.close());

beforeEach(async () => {
  name = `space-${(made += 1)}`;
  await bob(['spaces', 'create', name, 'ubuntu']);
});

const eventually = async (condition: () => boolean): Promise<void> => {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 200) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

/** Runs knot and gives its output as it grows. */
function running(...args: string[]) {
  const lines: string[] = [];
  const notes: string[] = [];
  const change = {
    stdout: { write: (text: string) => void lines.push(text) },
    stderr: { write: (text: string) => void notes.push(text) },
  };
  const ended = bob(args, { change }).then(({ code }) => ({ code, stderr: notes.join('') }));
  const saw = (text: string) => eventually(() => [...lines, ...notes].join('').includes(text));
  return { lines, ended, saw };
}

describe('knot spaces watch', () => {
  it('prints each step and phase once, with its sentence, and ends when the phase has come', async () => {
    const watch = running('spaces', 'watch', name, '--until', 'Running');
    await watch.saw('Stopped');
    await bob(['spaces', 'start', name]);
    await watch.saw('Queued');
    const at = Date.now();
    const phases = [
      { name: 'Accepted', at },
      { name: 'Submitted', at },
    ] as const;
    await origin.report(name, { workload: 'pending', phases });
    await watch.saw('Submitted');
    await origin.report(name, { ...READY, phases: [...phases, { name: 'Ready', at: at + 5 }] });
    expect(await watch.ended).toMatchObject({ code: 0 });
    const told = watch.lines.map((line) => line.trim().split(/ {2,}/).slice(1));
    expect(told.map(([, phase]) => phase)).toEqual([
      ...['Stopped', 'Queued', 'Accepted', 'Submitted', 'Provisioning', 'Ready', 'Running'],
    ]);
    expect(told.every(([space]) => space === name)).toBe(true);
    expect(told[3]).toEqual([name, 'Submitted', 'handed to nomad']);
    expect(watch.lines.every((line) => /^\d\d:\d\d:\d\d {2}/.test(line))).toBe(true);
  });

  it('tells the steps of a start that is over already, and ends at once', async () => {
    await bob(['spaces', 'start', name]);
    await origin.report(name, { ...READY, phases: [{ name: 'Submitted', at: 1000 }] });
    const { code, stdout } = await bob(['spaces', 'watch', name, '--until', 'Running', '--json']);
    const lines = stdout.trim().split('\n');
    expect(code).toBe(0);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { phase: 'Submitted', at: 1000, space: name, owner: 'bob' },
      { phase: 'Running' },
    ]);
  });

  it('gives up in time, and when the space is gone', async () => {
    const late = await bob(['spaces', 'watch', name, '--until', 'Running', '--timeout', '1s']);
    expect(late).toMatchObject({ code: 5, stderr: expect.stringContaining(`${name} is Stopped, not Running after 1`) });
    const watch = running('spaces', 'watch', name, '--until', 'Running');
    await watch.saw('Stopped');
    await origin.vanish(name);
    expect(await watch.ended).toMatchObject({ code: 5, stderr: expect.stringContaining('was deleted') });
    expect(watch.lines.at(-1)).toContain('Deleted');
  });

  it('goes on when the server was away', async () => {
    const watch = running('spaces', 'watch', name, '--until', 'Running');
    await watch.saw('Stopped');
    const server = origin.test.origin.web;
    const { port } = new URL(origin.url);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await new Promise<void>((resolve) => server.listen(Number(port), '127.0.0.1', resolve));
    await bob(['spaces', 'start', name]);
    await origin.report(name, READY);
    const outcome = await watch.ended;
    expect(outcome).toMatchObject({ code: 0, stderr: expect.stringContaining('is lost; trying again') });
    expect(watch.lines.at(-1)).toContain('Running');
  });

  it('watches all spaces at once', async () => {
    const watch = running('spaces', 'watch', '--until', 'Deleting');
    await watch.saw(name);
    await bob(['spaces', 'start', name]);
    await bob(['spaces', 'delete', name, '--yes']);
    expect((await watch.ended).code).toBe(0);
    expect(watch.lines.length).toBeGreaterThan(1);
  });
});

describe('--wait', () => {
  it('waits until the wish has come true, its steps on stderr', async () => {
    const start = running('spaces', 'start', name, '--wait', '--json');
    await start.saw('Queued');
    await origin.report(name, { ...READY, phases: [{ name: 'Submitted', at: Date.now() }] });
    const { code, stderr } = await start.ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/Submitted +handed to nomad\n.*Running/);
    expect(JSON.parse(start.lines.join(''))).toMatchObject({ kind: 'space.start', state: 'succeeded' });
  });

  it('fails with the reason when it cannot come true', async () => {
    const start = running('spaces', 'start', name, '--wait');
    await start.saw('Queued');
    const conditions = [condition('Stalled', 'ImageFailed', 'The image nope:1 cannot be pulled.')];
    await origin.report(name, { workload: 'ended', conditions });
    expect(await start.ended).toMatchObject({ code: 5, stderr: expect.stringContaining('nope:1 cannot be pulled') });
  });

  it('ends a deletion when the space is gone, and a wish that was overtaken', async () => {
    await bob(['spaces', 'start', name]);
    await origin.report(name, READY);
    const overtaken = running('spaces', 'stop', name, '--wait', '--timeout', '10s');
    await overtaken.saw('Stopping');
    const remove = running('spaces', 'delete', name, '--yes', '--wait', '--timeout', '10s');
    expect(await overtaken.ended).toMatchObject({ code: 5, stderr: expect.stringContaining('was overtaken') });
    await origin.vanish(name);
    expect(await remove.ended).toMatchObject({ code: 0 });
    expect(remove.lines.join('')).toBe(`${name}: delete done\n`);
  });
});
