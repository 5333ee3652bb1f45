import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CliOrigin, condition, type RunCli } from '../testing/cli-origin.js';

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

describe('knot templates roll-out', { timeout: 60_000 }, () => {
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

  it('begins with one location or some spaces, and says so of a space that is not behind', async () => {
    const begun = await good(rollOut('--location', 'away', '--dry-run'));
    expect(begun).toMatch(/^SPACE .*\nfar .* not known\n/);
    const [, id = ''] = /roll-out (\S+) of version 2 to 1 space has begun\n$/.exec(
      await good(rollOut('--location', 'away'), 'dev\n', true),
    ) ?? [''];
    await vi.waitFor(async () => expect(await good(['spaces', 'show', 'far'])).toMatch(/version 2/), PATIENCE);
    expect(await ann(rollOut('--space', 'far'))).toMatchObject({
      code: 2,
      stderr: 'knot: far is not behind version 2 of dev\n',
    });
    await ready('far');
    await vi.waitFor(async () => expect(await good(['roll-outs', 'show', id])).toMatch(/state: +done/), PATIENCE);
    expect(await good(['roll-outs', 'list'])).toMatch(
      /^ID +TEMPLATE +VERSION +STATE .*\n\S+ +dev +2 +done +stage 1 of 1: 1 done/,
    );
  });

  it('is held by a failure, ends with that where one waits for it, and goes back', async () => {
    const waiting = ann(rollOut('--space', 'ann/web', '--first', '1', '--wait', '--yes'));
    await vi.waitFor(async () => expect(await good(['spaces', 'show', 'web'])).toMatch(/version 2/), PATIENCE);
    await origin.report('web', {
      workload: 'healthy',
      conditions: [condition('Stalled', 'ImageFailed', 'No such image.')],
    });
    const { code, stderr } = await waiting;
    expect({ code, stderr }).toMatchObject({ code: 5, stderr: expect.stringMatching(/held: 1 of 1 spaces failed/) });
    const [, id = ''] = /knot roll-outs show (\S+)`/.exec(stderr) ?? [];
    expect(await good(['roll-outs', 'show', id])).toMatch(/ann\/web +home +1 +failed +No such image\./);
    expect(await good(['roll-outs', 'back', id])).toMatch(/dev, version 3/);
    expect(JSON.parse(await good(['roll-outs', 'show', id, '--json']))).toMatchObject({ state: 'ended' });
    expect(JSON.parse(await good(['templates', 'show', 'dev', '--json']))).toMatchObject({ present: 3, job: 'one' });
  });
});

const PATIENCE = { timeout: 30_000, interval: 200 };

async function ready(name: string): Promise<void> {
  await origin.report(name, { workload: 'healthy', conditions: [condition('Ready', 'Healthy', '')] });
}
