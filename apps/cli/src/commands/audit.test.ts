import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliOrigin, type RunCli } from '../testing/cli-origin.js';

const DAY_MS = 24 * 60 * 60_000;

let origin: CliOrigin;
let ann: RunCli;

beforeAll(async () => {
  origin = await CliOrigin.open();
  ann = await origin.administrator();
  const now = Date.now();
  const about = { subjectKind: 'space', subjectId: 's1', location: 'home', address: '192.0.2.1', details: {}, seal: 0 };
  const rows = Array.from({ length: 450 }, (_, n) => ({
    ...{ ...about, id: `e-${String(n).padStart(3, '0')}`, at: now - (n + 1) * DAY_MS, actor: 'bob' },
    ...{ action: 'space.start', outcome: n === 2 ? ('refused' as const) : ('done' as const) },
  }));
  await origin.test.origin.store.commit({ expect: [], writes: rows.map((row) => ({ put: 'audit' as const, row })) });
});
afterAll(() => origin.close());

async function good(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await ann(['audit', ...args]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

describe('knot audit list', () => {
  it('prints the newest, filtered by all that the options say', async () => {
    expect(await good('list')).toMatch(/^TIME +WHO +DID +OUTCOME +TO +LOCATION +FROM\n.*Z +(ann|system) .* done /);
    const refused = await good('list', '--outcome', 'refused', '--actor', 'bob');
    expect(refused.split('\n').slice(1)).toEqual([
      expect.stringMatching(/Z +bob +space.start +refused +space s1 +home +192.0.2.1$/),
      '',
    ]);
    const ids = async (...args: string[]): Promise<string[]> =>
      JSON.parse(await good('list', '--actor', 'bob', '--json', ...args)).map(({ id }: { id: string }) => id);
    expect(await ids('--since', '84h', '--until', '36h')).toEqual(['e-001', 'e-002']);
    expect(await ids('--limit', '250')).toHaveLength(250);
    expect(await ids('--subject', 'nothing')).toEqual([]);
  });

  it('refuses what is no time', async () => {
    const outcome = await ann(['audit', 'list', '--since', 'yesterday']);
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('2026-01-31') });
  });
});

describe('knot audit export', () => {
  it('writes CSV, or one JSON object a line', async () => {
    const csv = await good('export', '--actor', 'bob');
    expect(csv.split('\r\n')).toHaveLength(452);
    expect(csv).toMatch(/^id,at,actor,/);
    const lines = (await good('export', '--format', 'ndjson', '--since', '60h', '--action', 'space.start')).trimEnd();
    expect(lines.split('\n').map((line) => JSON.parse(line).id)).toEqual(['e-000', 'e-001']);
  });

  it('says why it may not', async () => {
    const outcome = await origin.as('ann')(['audit', 'export', '--token', 'knot_none_none']);
    expect(outcome).toMatchObject({ code: 3, stdout: '' });
  });
});
