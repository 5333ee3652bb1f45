import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ApiClient, type Space } from '../tools/api-client.js';
import { startBalancer, type Balancer } from '../tools/balancer.js';
import { ADMINISTRATOR, signIn, startLeaf, type Leaf } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { startRedis, type RedisServer } from '../tools/redis.js';
import { startSeveralOrigins, type OneOrigin, type SeveralOrigins } from '../tools/several-origins.js';
import { sharedMariadb } from '../tools/shared-mariadb.js';
import { agentJoined, Desk, sha256Of, spaceWithAgent } from '../tools/ssh.js';
import { TerminalWindow } from '../tools/terminal-window.js';

const SOON = { timeout: 60_000, interval: 100 };

const server = await sharedMariadb();
const desk = new Desk();
let origins: SeveralOrigins;
let redis: RedisServer;
/** What the leaf dials: first the one origin, then the other. */
let leafsWay: Balancer;
let linked: OneOrigin;
let asked: OneOrigin;
let space: Space;
/** Its leaf hangs on the other origin, and is reached by itself besides. */
let near: Space;
let nearLeaf: Leaf;

beforeAll(async () => {
  redis = await startRedis();
  const beside = { 'server.redis.enabled': true, 'server.redis.hosts': [redis.host] };
  origins = await startSeveralOrigins(server, 2, beside);
  const [first, second] = origins.all;
  if (!first || !second) throw new Error('There are two origins.');
  [linked, asked] = [first, second];
  leafsWay = await startBalancer();
  leafsWay.use([new URL(linked.url).host]);
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
  };
  const listen = await freePort();
  const nearConfig = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
    'server.direct_url': `http://127.0.0.1:${listen}`,
  };
  [nearLeaf] = await Promise.all([
    startLeaf(asked, { location: 'par', local: true, config: nearConfig, listen }),
    startLeaf({ url: leafsWay.url }, { location: 'lon', local: true, config }),
  ]);
  for (const location of ['lon', 'par']) {
    await eventually(
      () => asked.api.location(location),
      ({ live, platforms }) => live && platforms.some(({ ready }) => ready),
      { ...SOON, what: 'the leaf' },
    );
  }
  [space, near] = await Promise.all([spaceWithAgent(asked, 'work', 'lon'), spaceWithAgent(asked, 'near', 'par')]);
  await desk.connect(asked);
  // the links of the leaves come about by themselves
  for (const window of waysIn(asked)) {
    await window.openSoon();
    window.leave();
  }
}, 240_000);

afterAll(() => {
  origins?.balancer.close();
  leafsWay?.close();
});

interface Person {
  readonly id: string;
  readonly api: ApiClient;
}

/** An administrator too: nobody else gets into the machine of a leaf. They ask the origin that `lon` does not hang on. */
async function person(username: string): Promise<Person> {
  const { password } = ADMINISTRATOR;
  const body = { username, email: `${username}@example.com`, password, role: 'administrator' };
  const { id } = await asked.api.request<{ id: string }>('POST', '/users', body);
  return { id, api: new ApiClient(asked.url, await signIn(asked.url, username, password)) };
}

/** Along the link that hangs on the other origin, along the one that hangs here, and at the leaf itself. */
function waysIn({ api }: Pick<Person, 'api'>): TerminalWindow[] {
  const relayed = [new TerminalWindow(asked.url, api, space.id), new TerminalWindow(linked.url, api, near.id)];
  return [...relayed, new TerminalWindow(nearLeaf.url, api, near.id)];
}

function windowsOf(person: Pick<Person, 'api'>): Promise<TerminalWindow[]> {
  return Promise.all(waysIn(person).map((window) => window.open()));
}

/** Until all have been cut; how long that took after the answer of the other origin is printed. */
async function cutAfter(what: string, windows: readonly TerminalWindow[], deed: () => Promise<unknown>) {
  await deed();
  const done = Date.now();
  const cuts = windows.map(async (window, nth) => {
    const which = ['through both origins', 'through one', 'at the leaf itself'][nth];
    await eventually(() => window.closed, Boolean, {
      ...SOON,
      interval: 10,
      what: `a window ${which} to be cut: ${what}`,
    });
    return Date.now() - done;
  });
  console.log(`${what}: cut ${(await Promise.all(cuts)).join(', ')} ms after the answer`);
}

const offer = async (deed: 'share' | 'transfer', { id }: Space, user: string) =>
  (await linked.api.request<{ id: string }>('POST', `/spaces/${id}/${deed}`, { user })).id;

const accept = ({ api }: Person, id: string) => api.request('POST', `/offers/${id}/accept`);

async function shareWith(who: Person, username: string): Promise<string[]> {
  const offers = await Promise.all([space, near].map((one) => offer('share', one, username)));
  for (const id of offers) await accept(who, id);
  return offers;
}

describe.each([
  ['Redis wakes them', 'with', async () => undefined],
  ['Redis is dead', 'without', () => redis.down()],
])('what somebody has open at two locations, when the other origin is told and %s', (_how, name, strike) => {
  beforeAll(async () => void (await strike()));

  it('is cut as their token is revoked, their share ends, they are deactivated, and nobody else is', async () => {
    const [kept] = await windowsOf(asked);
    const bob = await person(`bob${name}`);
    const offers = await shareWith(bob, `bob${name}`);
    const { items } = await bob.api.request<{ items: { id: string }[] }>('GET', '/tokens');
    await cutAfter(`revoked ${name} Redis`, await windowsOf(bob), () =>
      new ApiClient(linked.url, bob.api.token).request('DELETE', `/tokens/${items[0]?.id}`),
    );
    const again = {
      ...bob,
      api: new ApiClient(asked.url, await signIn(asked.url, `bob${name}`, ADMINISTRATOR.password)),
    };
    const windows = await windowsOf(again);
    // as an administrator he may enter whether it is shared with him or not
    await linked.api.request('PATCH', `/users/${bob.id}`, { role: 'user' });
    await cutAfter(`unshared ${name} Redis`, windows, () =>
      Promise.all(offers.map((id) => linked.api.request('DELETE', `/offers/${id}`))),
    );
    await linked.api.request('PATCH', `/users/${bob.id}`, { role: 'administrator' });
    await shareWith(again, `bob${name}`);
    await cutAfter(`deactivated ${name} Redis`, await windowsOf(again), () =>
      linked.api.request('PATCH', `/users/${bob.id}`, { active: false }),
    );
    await kept?.key('x');
    kept?.leave();
  }, 180_000);

  it('is cut as the space is transferred', async () => {
    const eve = await person(`eve${name}`);
    const gift = await spaceWithAgent(asked, `gift${name}`, 'par');
    const ways = [linked.url, asked.url, nearLeaf.url].map((url) => new TerminalWindow(url, asked.api, gift.id));
    const windows = await Promise.all(ways.map((window) => window.open()));
    const id = await offer('transfer', gift, `eve${name}`);
    await cutAfter(`transferred ${name} Redis`, windows, () =>
      new ApiClient(linked.url, eve.api.token).request('POST', `/offers/${id}/accept`),
    );
  }, 180_000);
});

it('reach a leaf whose link hangs on the other origin, and go on at this one when that one is killed', async () => {
  const terminal = await new TerminalWindow(asked.url, asked.api, space.id).open();
  terminal.type('kept=yes; echo "at $$ fir"st\n');
  const [, shell] = /at (\d+) first/.exec(await terminal.hears(/at \d+ first/)) ?? [];
  expect(Number(shell)).toBeGreaterThan(0);

  const file = desk.file('long', randomBytes(64 * 1024 * 1024));
  const there = join(desk.home, 'there');
  const copy = desk.must(desk.run('scp', ['-F', desk.config, file, `knot.work:${there}`]));
  await eventually(() => existsSync(there), Boolean, { ...SOON, what: 'the copy to begin' });
  await linked.process.kill();
  leafsWay.use([new URL(asked.url).host]);
  await copy;
  expect(await sha256Of(there)).toBe(await sha256Of(file));

  await eventually(() => terminal.closed, Boolean, { ...SOON, what: 'the terminal to lose its way' });
  await terminal.openSoon();
  terminal.type('echo "at $$ $kept" again\n');
  await terminal.hears(`at ${shell} yes again`);
  await agentJoined(asked, space.id);
}, 180_000);

it.each([
  ['nothing', {}],
  ['an API token', { authorization: () => `Bearer ${asked.api.token}` }],
  ['a guess', { authorization: () => `Bearer ${randomBytes(60).toString('base64url')}` }],
])(
  'are handed to nobody who shows %s at the door of origins',
  async (_what, shown: { authorization?: () => string }) => {
    const headers = shown.authorization ? { authorization: shown.authorization() } : {};
    const socket = new WebSocket(`${asked.url.replace('http', 'ws')}/origins/v1`, { headers });
    const said = await new Promise<string>((resolve) => {
      socket.once('error', ({ message }) => resolve(message));
      socket.once('open', () => resolve('open'));
    });
    expect(said).toContain('401');
  },
);
