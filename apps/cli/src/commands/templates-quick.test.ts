import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliOrigin, type RunCli } from '../testing/cli-origin.js';

let origin: CliOrigin;
let ann: RunCli;

beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
});
afterAll(() => origin.close());

const IMAGE = ['--image', 'debian:bookworm', '--port', '8080=Shop'];
const WORDS = [...IMAGE, '--env', 'A=1,2', '--env', 'B=x', '--home', '10Gi', '--', 'sleep', '1000'];
const change = { listFolder: () => [] };

describe('knot templates quick', () => {
  it('prints what apply takes, and saves the same on the word', async () => {
    const shown = await ann(['templates', 'quick', 'tools', ...WORDS], { change: { env: {}, home: '/nowhere' } });
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect((await ann(['templates', 'list', '--json'])).stdout).not.toContain('tools');
    expect((await ann(['templates', 'quick', 'tools', '--save', ...WORDS])).stdout).toBe('tools created, version 1\n');
    const applied = await ann(['apply', '-f', '-'], { input: shown.stdout, change });
    expect(applied.stdout).toBe('unchanged  Template/tools\n');
    const { job, ports } = JSON.parse((await ann(['templates', 'show', 'tools', '--json'])).stdout);
    expect(job).toContain('- { name: A, value: "1,2" }\n            - { name: B, value: "x" }');
    expect(job).toContain('command: ["sleep", "1000"]');
    expect(ports).toEqual([{ port: 8080, label: 'Shop' }]);
  });

  it('says what is wrong', async () => {
    const said = async (...words: string[]) => (await ann(['templates', 'quick', 'x', ...words])).stderr;
    expect(await said()).toContain('--image');
    expect(await said('--image', 'x', '--memory', 'lots')).toContain('write 512Mi or 4Gi');
    expect(await said('--image', 'x', '--env', 'A')).toContain('NAME=value');
    expect(await said('--image', 'x', '--port', 'Shop')).toContain('Shop names no port');
  });
});
