import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewRow } from '@knot/shared/store';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

const COUNT = 1_201;
const FIRST_AT = 1_000_000;

let test: TestOrigin;
let admin: Ask;

/** Entry n is of FIRST_AT + n; each hundredth was refused. */
function entry(n: number): NewRow<'audit'> {
  const outcome = n % 100 === 0 ? ('refused' as const) : ('done' as const);
  const about = { subjectKind: 'space', subjectId: `s${n % 3}`, location: 'home', address: '192.0.2.1' };
  const id = `e-${String(n).padStart(5, '0')}`;
  return { id, at: FIRST_AT + n, actor: 'bob', action: 'space.start', ...about, outcome, details: { n }, seal: 0 };
}

beforeAll(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  const writes = Array.from({ length: COUNT }, (_, n) => ({ put: 'audit' as const, row: entry(n) }));
  await test.origin.store.commit({ expect: [], writes });
});
afterAll(() => test.close());

/** The n of every entry, page after page. */
async function listed(query: string, limit = 200): Promise<number[]> {
  const found: number[] = [];
  for (let cursor = ''; ;) {
    const { status, body } = await admin('GET', `/api/v1/audit?limit=${limit}&${query}${cursor}`);
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    found.push(...body.items.map(({ details }: { details: { n: number } }) => details.n));
    if (body.next === null) return found;
    cursor = `&cursor=${body.next}`;
  }
}

/** The text of an export, which the asker of tests would take for JSON. */
async function exported(query: string): Promise<{ readonly headers: Headers; readonly text: string }> {
  const { url } = test;
  const token = await admin('POST', '/api/v1/tokens', { body: { name: 'exports', scopes: ['read'] } });
  const headers = { authorization: `Bearer ${token.body.token}` };
  const answer = await fetch(`${url}/api/v1/audit/export?${query}`, { headers });
  expect(answer.status).toBe(200);
  return { headers: answer.headers, text: await answer.text() };
}

const down = (from: number, to: number): number[] => Array.from({ length: from - to + 1 }, (_, at) => from - at);

describe('the list of the audit', () => {
  it('holds what lies within a time, the end left out, over many pages', async () => {
    const range = `since=${FIRST_AT + 100}&until=${FIRST_AT + 1_100}`;
    expect(await listed(range)).toEqual(down(1_099, 100));
    expect(await listed(`since=${FIRST_AT + 1_195}&until=${FIRST_AT + 1_201}`, 3)).toEqual(down(1_200, 1_195));
    expect(await listed(`until=${FIRST_AT}`)).toEqual([]);
  });

  it('holds refusals alone, however far they lie apart', async () => {
    const refused = down(12, 0).map((hundred) => hundred * 100);
    expect(await listed('outcome=refused&actor=bob', 5)).toEqual(refused);
    expect(await listed(`outcome=refused&actor=bob&since=${FIRST_AT + 500}`)).toEqual(refused.slice(0, 8));
    expect(await listed('outcome=done&actor=bob')).toHaveLength(COUNT - refused.length);
  });

  it('filters by actor, action and subject at once', async () => {
    const found = await listed('actor=bob&action=space.start&subject=s1');
    expect(found).toEqual(down(1_200, 0).filter((n) => n % 3 === 1));
    expect(await listed('actor=nobody')).toEqual([]);
  });

  it.each(['outcome=maybe', 'since=yesterday', 'until=-1', 'since=1.5', 'limit=201'])('refuses %s', async (query) => {
    expect(await admin('GET', `/api/v1/audit?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'input.invalid' },
    });
  });
});

describe('the export of the audit', () => {
  it('is every entry that fits, one a line, as the list has it', async () => {
    const { headers, text } = await exported('format=ndjson&actor=bob');
    expect(headers.get('content-disposition')).toBe('attachment; filename="knot-audit.ndjson"');
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(COUNT);
    const { items } = (await admin('GET', '/api/v1/audit?actor=bob&limit=1')).body;
    expect(JSON.parse(lines[0] ?? '')).toEqual(items[0]);
  });

  it('is CSV by default, with the columns of the seal', async () => {
    const { headers, body } = await admin('GET', `/api/v1/audit/export?actor=bob&until=${FIRST_AT + 2}`);
    expect(headers.get('content-type')).toContain('text/csv');
    expect(body).toBe(
      [
        'id,at,actor,action,subjectKind,subjectId,location,address,outcome,details,seal',
        'e-00001,1970-01-01T00:16:40.001Z,bob,space.start,space,s1,home,192.0.2.1,done,"{""n"":1}",0',
        'e-00000,1970-01-01T00:16:40.000Z,bob,space.start,space,s0,home,192.0.2.1,refused,"{""n"":0}",0',
        '',
      ].join('\r\n'),
    );
  });

  it('holds no cell that a spreadsheet would calculate', async () => {
    const names = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '=a,"b"', 'plain'];
    const rows = names.map((actor, n) => ({ ...entry(n), id: `f-${n}`, actor, action: 'formula' }));
    await test.origin.store.commit({ expect: [], writes: rows.map((row) => ({ put: 'audit' as const, row })) });
    const { body } = await admin('GET', '/api/v1/audit/export?action=formula');
    const cells = String(body).split('\r\n').slice(1, -1).reverse();
    expect(cells.map((line) => /Z,(.*),formula/.exec(line)?.[1])).toEqual([
      ...["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "' =1", `"'=a,""b"""`, 'plain'],
    ]);
  });

  it('is for those alone who may see the audit', async () => {
    await admin('POST', '/api/v1/users', {
      body: { username: 'eve', email: 'eve@example.com', password: 'a long enough word' },
    });
    const eve = await test.signIn('eve', 'a long enough word');
    expect((await eve('GET', '/api/v1/audit/export')).status).toBe(403);
  });
});
