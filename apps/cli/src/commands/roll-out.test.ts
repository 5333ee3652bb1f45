import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliOrigin, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let ann: RunCli;

beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
  for (const name of ['home', 'away']) await origin.test.liveLocation(name);
  await good(['templates', 'create', 'dev', '--platform', 'nomad', '--job', '-'], 'one');
  for (const [name, location] of [
    ['web', 'home'],
    ['far', 'away'],
    ['idle', 'home'],
  ] as const) {
    await good(['spaces', 'create', name, 'dev', '--location', location, '--start']);
  }
  await good(['spaces', 'stop', 'idle']);
});

afterAll(() => origin.close());

async function good(args: readonly string[], input = '', interactive = false): Promise<string> {
  const outcome = await ann(args, { input, interactive });
  if (outcome.code !== 0) throw new Error(`${args.join(' ')}: ${outcome.stderr}`);
  return outcome.stdout;
}

const rollOut = (...more: string[]) => ['templates', 'roll-out', 'dev', ...more];

describe('knot templates roll-out', () => {
  it('says so when no space is behind', async () => {
    expect(await good(rollOut())).toBe('no space is behind version 1 of dev\n');
  });

  it('lists what would happen, asks for the name, and does nothing without it', async () => {
    await good(['templates', 'update', 'dev', '--job', '-'], 'two');
    const list = await good(rollOut('--list'));
    expect(list).toMatch(
      /^SPACE +OWNER +LOCATION +VERSION +WHAT HAPPENS\nfar +ann +away +1 +restarts with version 2\n/,
    );
    expect(list).toMatch(/^idle +ann +home +1 +takes version 2 at its next start$/m);
    expect(JSON.parse(await good(rollOut('--list', '--json')))).toHaveLength(3);
    const refused = await ann(rollOut(), { input: 'no\n', interactive: true });
    expect(refused).toMatchObject({ code: 5, stdout: list });
    expect(refused.stderr).toContain('This restarts 2 spaces with version 2.');
    expect(await ann(rollOut())).toMatchObject({ code: 5, stderr: expect.stringContaining('--yes') });
    expect(await good(rollOut('--list'))).toBe(list);
  });

  it('is looked at before: what is not known of a location that cannot be asked is said, and nothing changes', async () => {
    const told = await good(['templates', 'impact', 'dev']);
    expect(told).toMatch(/^SPACE +OWNER +LOCATION +VERSION +WITH VERSION 2\nfar +ann +away +1 +not known\n/);
    expect(told).toMatch(/\nann\/far\n {2}Not known: .*away cannot be asked from here/);
    expect(JSON.parse(await good(['templates', 'impact', 'dev', '2', '--location', 'home', '--json']))).toHaveLength(2);
    expect(await good(['templates', 'impact', 'dev', '1'])).toBe('every space of dev has version 1\n');
  });

  it('updates one location or some spaces first, then the rest', async () => {
    expect(await good(rollOut('--location', 'away'), 'dev\n', true)).toMatch(/1 space updating to version 2\n$/);
    expect(await ann(rollOut('--space', 'far'))).toMatchObject({
      code: 2,
      stderr: 'knot: far is not behind version 2 of dev\n',
    });
    const done = JSON.parse(await good(rollOut('--space', 'ann/web', '--yes', '--json')));
    expect(done).toMatchObject({ updated: [{ name: 'web' }], refused: [], left: 0 });
    expect(await good(rollOut())).toMatch(/^SPACE .*\nidle .*\n$/);
  });

  it('fails and says why where a space was refused, with the others updated', async () => {
    const api = await origin.test.signIn('ann');
    const { body } = await api('GET', '/api/v1/templates?q=dev');
    const dev = body.items.find(({ name }: { name: string }) => name === 'dev');
    const change = { name: 'dev', job: 'three', locations: ['home'] };
    expect((await api('PUT', `/api/v1/templates/${dev.id}`, { body: change })).status).toBe(200);
    const { code, stdout, stderr } = await ann(rollOut('--yes'));
    expect(code).toBe(5);
    expect(stdout).toMatch(/1 space updating to version 3\n$/);
    expect(stderr).toMatch(/^knot: 1 of 2 spaces were refused\n {2}ann\/far: .* is not for the location away\. /);
  });
});
