import { once } from 'node:events';
import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingMessage,
  type Server as HttpServer,
} from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { proxyPath, type ProxyAsked } from '@knot/contract';
import { clientAddress } from '@knot/link';
import { createUuidV7, systemClock } from '@knot/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { randomBytes } from 'node:crypto';
import type { Refused } from '../audit/refusals.js';
import { OpenUses } from '../bytes/open-uses.js';
import { Deeds } from '../deeds/deeds.js';
import { toKnotError } from '@knot/shared/errors';
import { Proofs } from '../identity/proofs.js';
import { PASSWORD, TestOrigin, type Ask } from '../testing/test-origin.js';
import { ProxyDoor } from './proxy-door.js';
import { ProxyRules } from './proxy-rules.js';
import { ServiceProxy, type ProxySettings } from './service-proxy.js';

const known: Record<string, readonly string[]> = {
  'db.internal': ['10.1.2.3'],
  'two.internal': ['127.0.0.1', '10.1.2.4'],
  'evil.internal': ['127.0.0.1'],
  'mapped.internal': ['::ffff:127.0.0.1'],
  'cloud.internal': ['169.254.169.254'],
  'link.internal': ['fe80::1'],
  'mysql.internal': ['10.9.9.9'],
  'alias.internal': ['::ffff:10.9.9.9'],
  'six.internal': ['fd00::7'],
};
const service = {
  srv: async () => [],
  host: async (name: string) => {
    const addresses = known[name] ?? (/^[\d.]+$/.test(name) || name.includes(':') ? [name] : undefined);
    if (!addresses) throw new Error('ENOTFOUND');
    return { addresses, ttl: 1 };
  },
};
const names = {
  targets: async (name: string) => [{ host: `node7.${name}`, address: '10.1.2.9', port: 31_000 }],
};

function proxyOf(allowed: readonly string[], more: Partial<ProxySettings> = {}): ServiceProxy {
  const resolver = { nameservers: [], domains: {} };
  const settings = { disabled: false, allowed, resolver, never: ['mysql.internal:3306', 'gone.internal:1'], ...more };
  return new ServiceProxy({ settings, names, service });
}

describe('what server.proxy_allow names', () => {
  const target = { host: 'DB.internal.', address: '10.1.2.3', port: 5432 };

  it.each([
    ['db.internal:5432', true],
    ['db.internal:*', true],
    ['*.internal:5432', true],
    ['10.1.0.0/16:5432', true],
    ['10.1.2.3:*', true],
    ['db.internal:5433', false],
    ['internal:5432', false],
    ['*.db.internal:5432', false],
    ['10.2.0.0/16:*', false],
    ['[fd00::]/8:*', false],
  ])('%s: %s', (rule, expected) => {
    expect(new ProxyRules(['other.internal:1', rule]).allow(target)).toBe(expected);
  });
});

describe('a service that somebody asks for', () => {
  it('is reached at the address that was looked at', async () => {
    expect(await proxyOf(['*.internal:*']).target('db.internal', 5432)).toMatchObject({
      address: '10.1.2.3',
      port: 5432,
    });
    expect(await proxyOf(['*.internal:*']).target('two.internal', 80)).toMatchObject({ address: '10.1.2.4' });
    expect(await proxyOf(['[fd00::]/8:22']).target('six.internal', 22)).toMatchObject({ address: 'fd00::7' });
    expect(await proxyOf(['web.consul:*']).target('web.consul', 0)).toMatchObject({
      address: '10.1.2.9',
      port: 31_000,
    });
  });

  it.each([
    ['nothing is allowed', [], 'db.internal', 5432],
    ['another port is', ['db.internal:5432'], 'db.internal', 22],
    ['it is this machine', ['*.internal:*', '127.0.0.0/8:*'], 'evil.internal', 22],
    ['it is this machine, told otherwise', ['*.internal:*'], 'mapped.internal', 22],
    ['it is this machine by its address', ['*:*', '127.0.0.1:*'], '127.0.0.1', 22],
    ['it is where a cloud tells secrets', ['*.internal:*'], 'cloud.internal', 80],
    ['it is link-local', ['*.internal:*'], 'link.internal', 80],
    ['it is the store', ['*.internal:*'], 'mysql.internal', 3306],
    ['it is the store by another name', ['*.internal:*'], 'alias.internal', 3306],
    ['it is the store by its address', ['10.0.0.0/8:*'], '10.9.9.9', 3306],
  ])('is not, where %s', async (_why, allowed, host, port) => {
    await expect(proxyOf(allowed).target(host, port)).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('is not where there is no proxy, or no such name', async () => {
    const off = proxyOf(['*.internal:*'], { disabled: true });
    await expect(off.target('db.internal', 1)).rejects.toThrow('server.disable_proxy');
    await expect(proxyOf(['*.internal:*']).target('no.internal', 1)).rejects.toMatchObject({
      code: 'server.unavailable',
    });
  });
});

describe('the way to a service', () => {
  let test: TestOrigin;
  let admin: Ask;
  let uses: OpenUses;
  /** Says all again, and how much that was once its client has ended. */
  let echo: Server;
  /** The door over the real store, to which this machine is as another one. */
  let web: HttpServer;
  let port = 0;
  /** For the audit. */
  const noted: Refused[] = [];

  beforeAll(async () => {
    test = await TestOrigin.open({ KNOT_PROXY_ALLOW: '127.0.0.1:*' });
    admin = await test.admin();
    echo = createServer({ allowHalfOpen: true }, (socket) => {
      socket.pipe(socket, { end: false });
      socket.on('end', () => socket.end(`${socket.bytesRead} bytes`));
    });
    await once(echo.listen(0, '127.0.0.1'), 'listening');
    ({ port } = echo.address() as AddressInfo);
    const { store } = test.origin;
    const settings = {
      disabled: false,
      allowed: [`127.0.0.1:${port}`],
      resolver: { nameservers: [], domains: {} },
      never: [],
    };
    uses = new OpenUses(store, systemClock);
    const door = new ProxyDoor({
      ...{
        proxy: new ServiceProxy({ settings, names, service, isAsked: () => true }),
        uses,
        clock: systemClock,
        addressOf: clientAddress([]),
      },
      refusals: { note: (_error, refused) => void noted.push(refused) },
      proofs: new Proofs(store, systemClock),
      deeds: new Deeds(store, systemClock, createUuidV7(systemClock, randomBytes)),
    });
    web = createHttpServer().on('upgrade', (request, socket, head) => {
      door.upgrade(request, socket, head).catch((error: unknown) => {
        const { httpStatus, code } = toKnotError(error);
        socket.end(`HTTP/1.1 ${httpStatus} ${code}\r\nContent-Length: 0\r\n\r\n`);
      });
    });
    await once(web.listen(0, '127.0.0.1'), 'listening');
  }, 60_000);

  afterAll(async () => {
    uses.close();
    web.close();
    echo.close();
    await test.close();
  });

  async function tokenOf(ask: Ask, scopes = ['*']): Promise<{ readonly id: string; readonly token: string }> {
    return (await ask('POST', '/api/v1/tokens', { body: { name: `t${Math.random()}`, scopes } })).body;
  }

  /** Open, or the code of the refusal. */
  function dial(asked: ProxyAsked, token: string, at: HttpServer | null = web): Promise<WebSocket | string> {
    const base = at === web ? `ws://127.0.0.1:${(web.address() as AddressInfo).port}` : test.url.replace('http', 'ws');
    const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
    const socket = new WebSocket(`${base}${proxyPath(asked)}`, { headers });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(socket));
      socket.once('unexpected-response', (_request, answer) => resolve(answer.statusMessage ?? ''));
      socket.once('error', reject);
    });
  }

  it('carries bytes there and back, is in the audit, and is cut with the token it was opened by', async () => {
    const { id, token } = await tokenOf(admin);
    const socket = await dial({ host: '127.0.0.1', port }, token);
    if (typeof socket === 'string') throw new Error(socket);
    socket.send(Buffer.from('hello'));
    expect(String((await once(socket, 'message'))[0])).toBe('hello');
    const { items } = (await admin('GET', '/api/v1/audit?action=proxy.open&limit=1')).body;
    expect(items).toMatchObject([{ actor: 'ann', details: { host: '127.0.0.1', address: '127.0.0.1', port } }]);
    const closed = once(socket, 'close');
    expect((await admin('DELETE', `/api/v1/tokens/${id}`)).status).toBe(204);
    await closed;
  });

  it('lets a service say the rest to a client that has ended its side', async () => {
    const socket = await dial({ host: '127.0.0.1', port }, (await tokenOf(admin)).token);
    if (typeof socket === 'string') throw new Error(socket);
    let said = '';
    socket.on('message', (data: Buffer) => (said += data.toString()));
    socket.send(Buffer.from('hello'));
    socket.send(Buffer.alloc(0));
    await once(socket, 'close');
    expect(said).toBe('hello5 bytes');
  });

  it('lets go of a service whose client then asks for no WebSocket that there is', async () => {
    const reached = once(echo, 'connection');
    const { token } = await tokenOf(admin);
    const headers = { connection: 'Upgrade', upgrade: 'websocket', authorization: `Bearer ${token}` };
    const at = { host: '127.0.0.1', port: (web.address() as AddressInfo).port };
    const asked = httpRequest({ ...at, path: proxyPath({ host: '127.0.0.1', port }), headers }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const [socket] = (await reached) as [Socket];
    expect(answer.resume().statusCode).toBe(400);
    await once(socket, 'close');
  });

  it('is for those who have the permission, by a token for everything', async () => {
    const asked = { host: '127.0.0.1', port };
    expect(await dial(asked, '')).toBe('auth.failed');
    expect(await dial(asked, 'knt_x')).toBe('auth.failed');
    expect(await dial(asked, (await tokenOf(admin, ['spaces'])).token)).toBe('access.denied');
    await admin('POST', '/api/v1/users', { body: { username: 'bob', email: 'b@x.y', password: PASSWORD } });
    expect(await dial(asked, (await tokenOf(await test.signIn('bob'))).token)).toBe('access.denied');
    expect(await dial({ ...asked, port: 1 }, (await tokenOf(admin)).token)).toBe('access.denied');
  });

  it('that is refused is in the audit by the name of who asked', async () => {
    const { token } = await tokenOf(admin);
    expect(await dial({ host: '127.0.0.1', port: 2 }, token)).toBe('access.denied');
    expect(await dial({ host: '127.0.0.1', port: 2 }, 'knt_x')).toBe('auth.failed');
    const named = noted.slice(-2).map(({ actor, address }) => [actor, address]);
    expect(named).toEqual([
      ['ann', '127.0.0.1'],
      ['', '127.0.0.1'],
    ]);
  });

  it('never leads to the machine of the server itself', async () => {
    const { token } = await tokenOf(admin);
    expect(await dial({ host: '127.0.0.1', port }, token, null)).toBe('access.denied');
  });
});
