import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, TestOrigin, type Ask } from '../testing/test-origin.js';

let test: TestOrigin;
let admin: Ask;

beforeAll(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation();
}, 60_000);

afterAll(() => test.close());

/** The status that an upgrade to a WebSocket is refused with. */
function upgrade(path: string, origin: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      ...(origin !== '' && { origin }),
    };
    const sent = request(`${test.url}${path}`, { headers });
    sent.on('response', (answer) => resolve(answer.resume().statusCode ?? 0));
    sent.on('upgrade', (_, socket) => {
      socket.destroy();
      resolve(101);
    });
    sent.on('error', reject);
    sent.end();
  });
}

it('a page of another site, an app’s subdomain too, opens no WebSocket', async () => {
  const template = await admin('POST', '/api/v1/templates', {
    body: { name: 'ws', platform: 'nomad', job: 'job "x" {}' },
  });
  const made = await admin('POST', '/api/v1/spaces', { body: { name: 'ws', templateId: template.body.id } });
  const path = `/bytes/v1/spaces/${made.body.id}/terminal`;
  const port = new URL(test.url).port;
  const foreign = ['https://evil.example', `http://ann--ws--80.127.0.0.1:${port}`, 'null', `http://127.0.0.1:1${port}`];
  expect(await Promise.all(foreign.map((origin) => upgrade(path, origin)))).toEqual([403, 403, 403, 403]);
  // its own page comes as far as the leaf, which is not there
  expect(await upgrade(path, test.url)).toBe(503);
});

it('a session that somebody planted in a browser is worth nothing after the sign-in', async () => {
  const planted = 'kns_0000000000000000000000000000000000000000000';
  const login = { body: { username: 'ann', password: PASSWORD }, headers: { cookie: `knot=${planted}` } };
  const answer = await test.ask('POST', '/api/v1/auth/login', login);
  expect(answer.headers.get('set-cookie')).toMatch(/^knot=kns_/);
  expect(answer.headers.get('set-cookie')).not.toContain(planted);
  expect((await test.ask('GET', '/api/v1/me', { headers: { cookie: `knot=${planted}` } })).status).toBe(401);
  // one of before does not become another person's
  const before = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const again = await test.ask('POST', '/api/v1/auth/login', { ...login, headers: { cookie: before } });
  expect(again.headers.get('set-cookie')?.split(';')[0]).not.toBe(before);
});

describe('what a page could take for its own', () => {
  const MARKUP = [
    '<img src=x onerror=alert(1)>',
    '"><script>alert(1)</script>',
    'javascript:alert(1)//<b>',
    '\u202Eevil',
  ];

  it.each(MARKUP)('is no name of anything: %s', async (name) => {
    const text = { platform: 'nomad', job: 'job "x" {}' };
    const user = { username: 'mallory', email: 'mallory@x.y', password: PASSWORD };
    const template = await admin('GET', '/api/v1/templates');
    const templateId = template.body.items[0].id;
    const tried: [string, object][] = [
      ['users', { ...user, username: name }],
      ['users', { ...user, email: `${name}@x.y` }],
      ['groups', { name }],
      ['roles', { name, permissions: [] }],
      ['templates', { ...text, name }],
      ['variables', { name, value: 'x' }],
      ['variables', { name: 'fine', value: 'x', location: name }],
      ['volumes', { name, platform: 'nomad', location: 'home', definition: '' }],
      ['spaces', { name, templateId }],
      ['tokens', { name, scopes: ['read'] }],
    ];
    const answers = await Promise.all(tried.map(([path, body]) => admin('POST', `/api/v1/${path}`, { body })));
    expect(answers.map(({ status }, index) => [tried[index]?.[0], status])).toEqual(tried.map(([path]) => [path, 400]));
  });

  it('is told as JSON that no browser takes for a page, where texts are free', async () => {
    const [markup = ''] = MARKUP;
    const body = { name: 'free', description: markup };
    expect((await admin('POST', '/api/v1/groups', { body })).status).toBe(201);
    for (const path of ['/api/v1/groups', `/api/v1/groups?q=${encodeURIComponent(markup)}`, `/api/v1/${markup}`]) {
      const { headers } = await admin('GET', path);
      expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});
