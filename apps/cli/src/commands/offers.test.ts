import { afterAll, beforeAll, expect, it } from 'vitest';
import { CliOrigin, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let ann: RunCli;
let joe: RunCli;

beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
  joe = await origin.user('joe');
  await origin.test.liveLocation();
}, 60_000);
afterAll(() => origin.close());

async function good(run: RunCli, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(args);
  if (code !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout;
}

it('spaces are shared and given away by the word of both', async () => {
  const admin = await origin.test.signIn('ann');
  await admin('POST', '/api/v1/templates', { body: { name: 'base', platform: 'nomad', job: 'job "x" {}' } });
  await good(ann, 'spaces', 'create', 'web', 'base');
  expect(await good(ann, 'spaces', 'share', 'web', 'joe')).toContain('web offered to joe');
  expect(await good(joe, 'offers', 'list')).toMatch(/^ann\/web +share +ann +joe +open$/m);
  expect(await good(joe, 'offers', 'accept', 'ann/web')).toBe('ann/web is shared with you\n');
  expect(await good(joe, 'spaces', 'list', '--shared')).toMatch(/^web /m);
  expect(await good(joe, 'spaces', 'show', 'web')).toContain('ann');
  expect(await good(joe, 'offers', 'end', 'web')).toBe('ann/web: share with joe ended\n');
  expect(await joe(['spaces', 'show', 'ann/web'])).toMatchObject({ code: 4 });
  await good(ann, 'spaces', 'transfer', 'web', 'joe');
  expect(await joe(['offers', 'accept', 'other'])).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('there is no such offer of other'),
  });
  expect(await good(joe, 'offers', 'accept', 'web')).toBe('ann/web is yours, stopped, as web\n');
  expect(await good(joe, 'spaces', 'list')).toMatch(/^web /m);
  expect(await good(ann, 'offers', 'list', '--json')).toBe('[]\n');
});
