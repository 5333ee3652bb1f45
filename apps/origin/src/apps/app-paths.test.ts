import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, TestOrigin, type Answer, type Ask } from '../testing/test-origin.js';

const HOST = 'apps.test';
const APP = '/ann--work--8080';

let test: TestOrigin;
/** The owner of the space, and somebody with whom its port is shared. */
let [ann, eve]: Ask[] = [];

beforeAll(async () => {
  test = await TestOrigin.open({ KNOT_APPS_URL: 'http://apps.test:3000' });
  ann = await test.admin();
  await test.liveLocation();
  await ok(as(ann)('POST', '/api/v1/users', { body: { username: 'eve', email: 'eve@x.y', password: PASSWORD } }));
  eve = await test.signIn('eve');
  const template = { name: 't', platform: 'nomad', job: 'job "x" {}', ports: [{ port: 8080, share: 'users' }] };
  const { id: templateId } = await ok(as(ann)('POST', '/api/v1/templates', { body: template }));
  const { id } = await ok(as(ann)('POST', '/api/v1/spaces', { body: { name: 'work', templateId } }));
  await ok(as(ann)('POST', `/api/v1/spaces/${id}/start`));
  const observed = {
    ...{ id, observedGeneration: 2, conditions: [], workload: 'healthy' as const, instance: '', exitCode: null },
    ...{ volumes: [], phases: [], events: [], appliedHash: '', restartsSatisfied: 0, finalized: false, observedAt: 0 },
    ports: [{ port: 8080, label: 'Shop', protocol: 'http' as const }],
  };
  const row = { id, location: 'home', term: 1, observedGeneration: 2, observed, reportedAt: 0, sequence: 1 };
  await test.origin.store.commit({ expect: [], writes: [{ put: 'spaceObserved', row }] });
}, 60_000);

afterAll(() => test.close());

function as(who: Ask | undefined): Ask {
  if (!who) throw new Error('nobody');
  return who;
}

async function ok(asked: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await asked;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

interface Got {
  readonly status: number;
  readonly location: string;
  readonly cookie: string;
}

/** At the host of apps, as a browser that opens a page. */
function get(path: string, headers: Record<string, string> = {}, form?: string): Promise<Got> {
  const { hostname: host, port } = new URL(test.url);
  const method = form === undefined ? 'GET' : 'POST';
  return new Promise((resolve, reject) => {
    const asked = { host, port, path, method, headers: { host: `${HOST}:3000`, accept: 'text/html', ...headers } };
    const sent = request(asked, (answer) => {
      answer.resume();
      const { location = '', 'set-cookie': cookies = [] } = answer.headers;
      resolve({ status: answer.statusCode ?? 0, location, cookie: cookies.join('\n') });
    });
    sent.on('error', reject);
    sent.end(form);
  });
}

/** The ticket that the dashboard's page posts, and where it is posted to. */
async function ticket(who: Ask | undefined, path = `${APP}/`): Promise<Record<'action' | 'ticket' | 'path', string>> {
  const { status, body } = await as(who)('GET', `/apps/open?host=${HOST}&path=${encodeURIComponent(path)}`);
  if (status !== 200) return { action: `refused with ${status}`, ticket: '', path: '' };
  const page = String(body);
  const field = (pattern: RegExp) => pattern.exec(page)?.[1] ?? '';
  return {
    action: field(/action="([^"]*)"/),
    ticket: field(/name="ticket" value="([^"]*)"/),
    path: field(/name="path" value="([^"]*)"/),
  };
}

async function enter(at: string, which: { ticket: string; path: string }): Promise<Got> {
  const form = new URLSearchParams({ ticket: which.ticket, path: which.path });
  return get(`${at}/.knot/enter`, { origin: 'http://127.0.0.1:3000' }, form.toString());
}

describe('apps that are paths of one host', () => {
  it('are listed by their paths, by name where they have one', async () => {
    const { items } = await ok(as(ann)('GET', '/api/v1/spaces'));
    const { ports } = await ok(as(ann)('GET', `/api/v1/spaces/${items[0].id}`));
    expect(ports).toMatchObject([{ port: 8080, address: 'http://apps.test:3000/ann--work--shop/' }]);
  });

  it('send a browser to the dashboard, with where it was', async () => {
    const { status, location } = await get(`${APP}/a?b=c`);
    expect([status, location]).toEqual([
      303,
      `http://127.0.0.1:3000/apps/open?host=apps.test&path=${encodeURIComponent(`${APP}/a?b=c`)}`,
    ]);
    expect(await get(`${APP}?b=c`)).toMatchObject({ status: 308, location: `${APP}/?b=c` });
  });

  it('sign their owner in by a cookie for the paths of the one app', async () => {
    const made = await ticket(ann, `${APP}/deep?x=1`);
    expect(made).toMatchObject({ action: `http://apps.test:3000${APP}/.knot/enter`, path: '/deep?x=1' });
    const { status, location, cookie } = await enter(APP, made);
    expect([status, location]).toEqual([303, `${APP}/deep?x=1`]);
    expect(cookie).toMatch(/^knot-app=[\w.-]+; Path=\/ann--work--8080\/; HttpOnly; SameSite=Lax;/);
    const shown = { cookie: cookie.split(';')[0] ?? '' };
    // the leaf is away, which only those are told who may open it
    expect((await get(`${APP}/`, shown)).status).toBe(503);
    expect((await get('/ann--work--shop/', shown)).status).toBe(303);
    expect((await get(`${APP}/`, { ...shown, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  it('take a ticket for the one app alone, and once', async () => {
    const made = await ticket(ann);
    expect((await enter('/ann--work--shop', made)).status).toBe(401);
    expect((await enter(APP, made)).status).toBe(303);
    expect((await enter(APP, made)).status).toBe(401);
  });

  it('are their owner’s alone, whoever they are shared with', async () => {
    expect((await ticket(eve)).action).toBe('refused with 403');
    expect((await ticket(ann)).action).not.toContain('refused');
  });

  it.each([
    ['/', 404],
    ['/api/v1/me', 404],
    ['/.knot/enter', 404],
    ['/apps/open', 404],
    ['/ann--work/', 404],
    [`${APP}%2f..%2f`, 404],
    [`/x/..${APP}/`, 404],
    [`/${APP}/`, 404],
    [`http://127.0.0.1:3000${APP}/`, 400],
  ])('have nothing of knot at %s', async (path, status) => {
    expect((await get(path, { origin: 'http://127.0.0.1:3000' })).status).toBe(status);
  });

  it('are at no other host', async () => {
    for (const host of ['127.0.0.1:3000', 'x.apps.test', 'knot.test']) {
      expect((await get(`${APP}/.knot/enter`, { host })).status).not.toBe(303);
      expect((await get(`${APP}/`, { host })).location).not.toContain('/apps/open');
    }
  });

  it('lead a browser to where it is told why they do not open, and a program not', async () => {
    const made = await ticket(ann);
    const shown = { cookie: (await enter(APP, made)).cookie.split(';')[0] ?? '' };
    const { items } = await ok(as(ann)('GET', '/api/v1/spaces'));
    await ok(as(ann)('POST', `/api/v1/spaces/${items[0].id}/stop`));
    const where = `host=apps.test&path=${encodeURIComponent(`${APP}/a`)}`;
    expect(await get(`${APP}/a`, shown)).toMatchObject({
      status: 303,
      location: `http://127.0.0.1:3000/app-closed?code=state.refused&${where}`,
    });
    expect((await get(`${APP}/a`, { ...shown, accept: '*/*' })).status).toBe(409);
  });
});
