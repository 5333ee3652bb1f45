import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

const DOMAIN = { KNOT_WILDCARD_DOMAIN: '*.apps.test' };
const HOST = 'ann--work--8080.apps.test';

let test: TestOrigin;
/** Signed in. */
let ann: Ask;

beforeAll(async () => {
  test = await TestOrigin.open(DOMAIN);
  ann = await test.admin();
}, 60_000);

afterAll(() => test.close());

interface Answer {
  readonly status: number;
  readonly location: string;
  readonly body: string;
}

/** Asks with any Host, which no fetch lets one set. */
function ask(path: string, headers: Record<string, string>, method = 'GET', form = '', at = test): Promise<Answer> {
  const { hostname: host, port } = new URL(at.url);
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path, method, headers: { host: HOST, ...headers } }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? '', body }),
      );
    });
    sent.on('error', reject);
    sent.end(form);
  });
}

describe('a host under the domain of apps', () => {
  it('gets nothing of the API, signed in at the dashboard or not', async () => {
    const login = await test.ask('POST', '/api/v1/auth/login', {
      body: { username: 'ann', password: 'correct horse battery' },
    });
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
    for (const path of ['/api/v1/me', '/', '/readyz', '/.knot/anything', '/assets/x.js']) {
      const { status, body } = await ask(path, { cookie, accept: 'application/json' });
      expect([path, [401, 404].includes(status)]).toEqual([path, true]);
      expect(body).not.toContain('ann@');
    }
    expect((await ask('/api/v1/me', { cookie, host: 'knot.test' })).status).toBe(200);
  });

  it('sends a browser to the dashboard, with where it was', async () => {
    const { status, location } = await ask('/a/b?c=d', { accept: 'text/html' });
    expect(status).toBe(303);
    expect(location).toBe(`http://127.0.0.1:3000/apps/open?host=${HOST}&path=%2Fa%2Fb%3Fc%3Dd`);
    const { pathname, search } = new URL(location);
    const next = await ask(pathname + search, { host: '127.0.0.1:3000' });
    expect([next.status, next.location]).toEqual([303, `/sign-in?to=${encodeURIComponent(pathname + search)}`]);
  });

  it('is opened for nobody who may not: a browser is told on a page of the dashboard, a program by a problem', async () => {
    const login = await test.ask('POST', '/api/v1/auth/login', {
      body: { username: 'ann', password: 'correct horse battery' },
    });
    const signedIn = { host: '127.0.0.1:3000', cookie: login.headers.get('set-cookie')?.split(';')[0] ?? '' };
    const where = `host=${HOST}&path=%2F`;
    expect(await ask(`/apps/open?${where}`, { ...signedIn, accept: 'text/html' })).toMatchObject({
      status: 303,
      location: `/app-closed?code=resource.not_found&${where}`,
    });
    expect(await ask(`/apps/open?${where}`, signedIn)).toMatchObject({
      status: 404,
      body: expect.stringContaining('There is no such app, or it is not shared with you.'),
    });
  });

  it('is answered with nothing where there is no proxy', async () => {
    const without = await TestOrigin.open({ ...DOMAIN, KNOT_DISABLE_PROXY: 'true' });
    const { status, body } = await ask('/', { accept: 'text/html' }, 'GET', '', without);
    await without.close();
    expect([status, body]).toEqual([404, expect.stringContaining('server.disable_proxy')]);
  });

  it('takes no ticket that no page of the dashboard has sent', async () => {
    const form = 'ticket=a.b&path=//evil.test/';
    const from = async (origin: string) =>
      (await ask('/.knot/enter', origin === '' ? {} : { origin }, 'POST', form)).status;
    expect([await from(''), await from('null'), await from('https://evil.test')]).toEqual([403, 403, 403]);
    expect(await from('http://127.0.0.1:3000')).toBe(401);
  });
});

describe('the page that opens an app', () => {
  it('names no app that is not there, and no other host', async () => {
    for (const host of [HOST, 'evil.test', 'apps.test', '']) {
      const { status } = await ann('GET', `/apps/open?host=${host}&path=/`);
      expect([host, status]).toEqual([host, 404]);
    }
    expect((await ann('GET', '/apps/open')).status).toBe(400);
  });

  it("leads to the leaf of the space, though another leaf says that its domain is that one's own", async () => {
    const { store } = test.origin;
    for (const name of ['evil', 'lon', 'zzz']) {
      await test.liveLocation(name);
      const status = await store.get('locationStatus', name);
      if (!status) throw new Error(name);
      const { version, ...row } = status;
      const facts = { ...row.facts, directUrl: 'https://leaf.test', wildcardDomain: '.lon.test' };
      const expect = [{ kind: 'locationStatus' as const, id: name, version }];
      await store.commit({ expect, writes: [{ put: 'locationStatus', row: { ...row, facts } }] });
    }
    const made = await ann('POST', '/api/v1/templates', { body: { name: 't', platform: 'nomad', job: 'job "x" {}' } });
    const body = { name: 'there', templateId: made.body.id, location: 'lon' };
    const { id } = (await ann('POST', '/api/v1/spaces', { body })).body;
    await ann('POST', `/api/v1/spaces/${id}/start`);
    const observed = {
      ...{ id, observedGeneration: 2, conditions: [], workload: 'healthy' as const, instance: '', exitCode: null },
      ...{ volumes: [], phases: [], events: [], appliedHash: '', restartsSatisfied: 0, finalized: false },
      ...{ observedAt: 0, ports: [{ port: 8080, label: '', protocol: 'http' as const }] },
    };
    const row = { id, location: 'lon', term: 1, observedGeneration: 2, observed, reportedAt: 0, sequence: 1 };
    await store.commit({ expect: [], writes: [{ put: 'spaceObserved', row }] });
    const { status, body: page } = await ann('GET', '/apps/open?host=ann--there--8080.lon.test&path=/');
    expect([status, page]).toEqual([200, expect.stringContaining('https://ann--there--8080.lon.test/.knot/enter')]);
  });

  it('is there too where leaves alone have hosts of apps', async () => {
    const without = await TestOrigin.open({});
    const { status, body } = await (await without.admin())('GET', '/apps/open?host=ann--work--1.lon.test&path=/');
    await without.close();
    expect([status, body]).toEqual([404, expect.objectContaining({ code: 'resource.not_found' })]);
    expect(JSON.stringify(body)).toContain('There is no app at this address.');
  });
});
