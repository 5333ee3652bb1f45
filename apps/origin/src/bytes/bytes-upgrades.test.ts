import { once } from 'node:events';
import { createServer, STATUS_CODES, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { duplexPair } from 'node:stream';
import { BYTES_PROTOCOLS, TICKET_PROTOCOL } from '@knot/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { PASSWORD, TestOrigin, type Answer, type Ask } from '../testing/test-origin.js';

let test: TestOrigin;
let admin: Ask;
let space: string;
/** Stands for the leaf: lets everybody in and says all again. What a leaf checks is tested there. */
let leaf: Server;
/** What came to it. */
const heads: IncomingHttpHeaders[] = [];

beforeAll(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation();
  leaf = createServer();
  leaf.on('upgrade', ({ headers }: IncomingMessage) => heads.push(headers));
  const sockets = new WebSocketServer({ server: leaf });
  sockets.on('connection', (socket) => socket.on('message', (said) => socket.send(said)));
  await once(leaf.listen(0, '127.0.0.1'), 'listening');
  const there = () => connect((leaf.address() as AddressInfo).port, '127.0.0.1');
  test.origin.links.addOwn('home', { connect: there, acts: () => true });
  const job = { name: 't', platform: 'nomad', job: 'job "x" {}' };
  const { id: templateId } = await ok(admin('POST', '/api/v1/templates', { body: job }));
  space = (await ok(admin('POST', '/api/v1/spaces', { body: { name: 'plan', templateId } }))).id;
  await ok(admin('POST', `/api/v1/spaces/${space}/start`));
}, 60_000);

afterAll(async () => {
  await test.close();
  leaf.close();
});

async function ok(asked: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await asked;
  if (status >= 300) throw new Error(`${status} ${STATUS_CODES[status]} ${JSON.stringify(body)}`);
  return body;
}

/** Another administrator, whom no list of the space's members names. */
async function helper(username: string): Promise<{ readonly id: string; readonly ask: Ask }> {
  const body = { username, email: `${username}@x.y`, password: PASSWORD, role: 'administrator' };
  const { id } = await ok(admin('POST', '/api/v1/users', { body }));
  return { id, ask: await test.signIn(username) };
}

async function terminal(ask: Ask): Promise<WebSocket> {
  const { ticket, path } = await ok(ask('POST', `/api/v1/spaces/${space}/tickets`, { body: { action: 'terminal' } }));
  const socket = new WebSocket(test.url.replace('http', 'ws') + path, [
    BYTES_PROTOCOLS.terminal,
    TICKET_PROTOCOL + ticket,
  ]);
  await once(socket, 'open');
  socket.send('hello');
  expect(String((await once(socket, 'message'))[0])).toBe('hello');
  return socket;
}

it('what goes on to a leaf is made anew: its own host, and nothing of the person but the ticket', async () => {
  const { ticket, path } = await ok(admin('POST', `/api/v1/spaces/${space}/tickets`, { body: { action: 'terminal' } }));
  const protocols = [BYTES_PROTOCOLS.terminal, TICKET_PROTOCOL + ticket];
  const headers = {
    ...{ cookie: '__Host-knot=stolen', authorization: 'Bearer knt_stolen', 'x-forwarded-for': '10.1.2.3' },
    ...{ referer: `${test.url}/spaces`, 'x-mine': 'more', host: 'knot.test', 'user-agent': 'someone' },
  };
  heads.length = 0;
  const socket = new WebSocket(test.url.replace('http', 'ws') + path, protocols, { headers });
  await once(socket, 'open');
  socket.terminate();
  const [{ 'sec-websocket-key': key, ...rest } = {}] = heads;
  expect(key).toHaveLength(24);
  expect(rest).toEqual({
    ...{ host: 'leaf', connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
    'sec-websocket-protocol': protocols.join(','),
  });
});

it('whoever has gone before the way to the leaf is open leaves nothing open there', async () => {
  const { path } = await ok(admin('POST', `/api/v1/spaces/${space}/tickets`, { body: { action: 'terminal' } }));
  const asked = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const [way, there] = duplexPair();
  there.resume();
  const opening = vi.spyOn(test.origin.links, 'open').mockImplementationOnce(async () => {
    asked.resolve();
    await gone.promise;
    return way;
  });
  const { port, host } = new URL(test.url);
  const hasty = connect(Number(port), '127.0.0.1');
  hasty.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
  await asked.promise;
  hasty.resetAndDestroy();
  // by then the origin has heard of it
  await ok(admin('GET', '/api/v1/me'));
  gone.resolve();
  await once(way, 'close');
  opening.mockRestore();
});

it("nobody gets into a space on the leaf's own machine who is no administrator (any more)", async () => {
  const { id, ask } = await helper('local');
  const body = { name: 'here', platform: 'local', job: 'command: [sh]' };
  const { id: templateId } = await ok(admin('POST', '/api/v1/templates', { body }));
  const { id: own } = await ok(ask('POST', '/api/v1/spaces', { body: { name: 'own', templateId } }));
  await ok(ask('POST', `/api/v1/spaces/${own}/start`));
  const status = async (action: string) =>
    (await ask('POST', `/api/v1/spaces/${own}/tickets`, { body: { action } })).status;
  expect(await status('terminal')).toBe(200);
  await ok(admin('PATCH', `/api/v1/users/${id}`, { body: { role: 'user' } }));
  for (const action of ['terminal', 'ssh', 'run']) expect([action, await status(action)]).toEqual([action, 403]);
  expect((await ask('GET', `/api/v1/spaces/${own}/logs`)).status).toBe(403);
  expect((await ask('GET', `/api/v1/spaces/${own}/terminals`)).status).toBe(403);
});

describe('what somebody has open into a space of another', () => {
  it.each<readonly [string, (helper: { readonly id: string; readonly ask: Ask }) => Promise<Answer>]>([
    ['is deactivated', ({ id }) => admin('PATCH', `/api/v1/users/${id}`, { body: { active: false } })],
    ['is no administrator any more', ({ id }) => admin('PATCH', `/api/v1/users/${id}`, { body: { role: 'user' } })],
    ['signs out', ({ ask }) => ask('POST', '/api/v1/auth/logout')],
  ])('is cut when the one who opened it %s, and nobody else is', async (what, deed) => {
    const helping = await helper(what.replaceAll(/\W/g, '').slice(0, 12));
    const [cut, kept] = [await terminal(helping.ask), await terminal(admin)];
    const closed = once(cut, 'close');
    await ok(deed(helping));
    await closed;
    kept.send('still');
    expect(String((await once(kept, 'message'))[0])).toBe('still');
    kept.terminate();
  });
});
