import { afterAll, beforeAll, expect, it } from 'vitest';
import { CliOrigin, condition, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let ann: RunCli;

beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
  await origin.test.liveLocation('home');
  const api = await origin.test.signIn('ann');
  const job = 'job "x" { group "g" { task "t" { driver = "docker" } } }';
  await api('POST', '/api/v1/templates', { body: { name: 'ubuntu', platform: 'nomad', job } });
});
afterAll(() => origin.close());

/** What a leaf would do of what is wished. */
async function act(name: string, luck: boolean): Promise<void> {
  const { rows } = await origin.test.origin.store.page('space', { where: { name }, limit: 1 });
  if (rows[0]?.want === 'deleted') return origin.vanish(name);
  const conditions = luck ? [condition('Ready', 'Healthy', '')] : [condition('Stalled', 'PolicyRefused', 'no luck')];
  await origin.report(name, { workload: luck ? 'healthy' : 'absent', conditions });
}

async function names(): Promise<string[]> {
  const spaces: { name: string }[] = JSON.parse((await ann(['spaces', 'list', '--json'])).stdout);
  return spaces.map(({ name }) => name);
}

async function tried(luck: boolean) {
  let over = false;
  const leaf = (async () => {
    while (!over) {
      for (const name of await names()) await act(name, luck);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const outcome = await ann(['spaces', 'try', 'ubuntu', '--no-enter']);
  over = true;
  await leaf;
  return outcome;
}

it('makes, starts and deletes a space', async () => {
  const { code, stdout } = await tried(true);
  expect(stdout).toMatch(/^try-[0-9a-f]{8} at home: created\n.*: started\n.*: deleted\n$/);
  expect(code).toBe(0);
  expect(await names()).toEqual([]);
});

it('leaves none behind that did not start', async () => {
  const { code, stdout, stderr } = await tried(false);
  expect(stdout).toMatch(/: created\n.*: deleted\n$/);
  expect(stderr).toContain('no luck');
  expect(code).toBe(5);
  expect(await names()).toEqual([]);
});
