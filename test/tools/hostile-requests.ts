import { randomBytes } from 'node:crypto';
import { connect as connectHttp2, type OutgoingHttpHeaders } from 'node:http2';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppVisitor } from './app-visitor.js';
import { ADMINISTRATOR } from './cluster.js';
import { eventually } from './eventually.js';

const SOON = { timeout: 60_000, interval: 200 };

export interface AttackedDoor {
  /** Where the dashboard is. */
  readonly originUrl: string;
  /** Of an app that ada may open, over TLS, by its name; `test/tools/web-app.mjs` listens there. */
  readonly address: string;
  /** The same app at another door, or by its number. */
  readonly otherAddress: string;
}

/** What strangers and liars send to a host of apps: each is refused, and the next one is answered as ever. */
export function describeHostileRequests(name: string, attacked: () => AttackedDoor): void {
  describe(name, () => {
    let ada: AppVisitor;
    let host = '';
    let address = '';
    let slow: readonly Slow[] = [];

    beforeAll(async () => {
      ({ address } = attacked());
      ({ host } = new URL(address));
      ada = await AppVisitor.signIn(attacked().originUrl, ADMINISTRATOR.username);
      await ada.enter(address);
      slow = [drip(address, `GET / HTTP/1.1\r\nHost: ${host}\r\n${'X-Slow: yes\r\n'.repeat(50)}`), drip(address, '')];
    });

    afterAll(() => slow.forEach(({ socket }) => socket.destroy()));

    const own = () => ({ cookie: ada.cookie(address) });
    const lines = (...more: readonly string[]) => [...more, 'Connection: close', '', ''].join('\r\n');
    const wellAsEver = async () => expect((await ada.get(address, 'deep')).body).toBe('at /deep');

    it.each([
      ['one header of 64 kB', `X-Bomb: ${'x'.repeat(65_536)}`],
      ['4,000 headers', Array.from({ length: 4_000 }, (_, nth) => `X-${nth}: y`).join('\r\n')],
      ['one cookie of 64 kB', `Cookie: a=${'x'.repeat(65_536)}`],
    ])('refuses a header bomb: %s', async (_what, bomb) => {
      expect(await raw(address, lines('GET / HTTP/1.1', `Host: ${host}`, bomb))).toMatch(/^HTTP\/1.1 431 /);
      await wellAsEver();
    });

    it('refuses a request that names no host, two, a whole address, or a body in two ways', async () => {
      const cookie = `Cookie: ${own().cookie}`;
      const [first, named] = ['GET / HTTP/1.1', `Host: ${host}`];
      const both = ['Content-Length: 5', 'Transfer-Encoding: chunked'];
      for (const asked of [
        lines(first, cookie),
        lines(first, named, `Host: other.${host}`, cookie),
        lines(first, named, named, cookie),
        lines(`GET https://${host}/ HTTP/1.1`, named, cookie),
        lines('POST /upload HTTP/1.1', named, cookie, `Origin: https://${host}`, ...both) + '0\r\n\r\n',
      ]) {
        expect(await raw(address, asked)).toMatch(/^HTTP\/1.1 400 /);
      }
      await wellAsEver();
    });

    it('reads no body of whom it lets not in', async () => {
      const answer = await raw(
        address,
        `POST /upload HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000000000\r\n\r\nbegun`,
      );
      expect(answer).toMatch(/^HTTP\/1.1 401 /);
    });

    it('takes its cookie at no other name, not even that of the same app', async () => {
      const [, ...suffix] = host.split('.');
      const name = (label: string) => `https://${label}.${suffix.join('.')}/`;
      const status = async (at: string) => (await ada.get(at, '', own())).status;
      const other = attacked().otherAddress;
      expect([await status(name('ada--other--80')), await status(name('eve--work--shop'))]).toEqual([401, 401]);
      expect([await status(other), await status(name('ada--work--1'))]).toEqual([401, 401]);
      expect([await status(name('work')), await status(name('ada--work--shop--x'))]).toEqual([404, 404]);
      expect((await ada.get(address)).status).toBe(200);
    });

    it('lets nobody in by a ticket that is forged, of another host, used before, or sent by another page', async () => {
      const made = await ada.ticket(address);
      const elsewhere = await ada.ticket(attacked().otherAddress);
      if (!made || !elsewhere) throw new Error('no ticket');
      const origin = new URL(attacked().originUrl).origin;
      const enter = (form: string, from = origin) => ada.post(address, '.knot/enter', form, { origin: from });
      const ticket = new URLSearchParams(made.form).get('ticket') ?? '';
      const [body = '', mark = ''] = ticket.split('.');
      const claims = Buffer.from(body, 'base64url').toString();
      const changed = claims.replace(/"until":\d+/, `"until":${Number.MAX_SAFE_INTEGER}`);
      expect(changed).not.toBe(claims);
      const forged = [
        ['a.b', ''],
        [`${Buffer.from(changed).toString('base64url')}.${mark}`, ''],
        [`${body}.${randomBytes(64).toString('base64url')}`, ''],
        [`${body}.`, ''],
        [own().cookie.split('=')[1] ?? '', ''],
      ].map(([one = '']) => new URLSearchParams({ ticket: one, path: '/' }).toString());
      for (const form of [...forged, elsewhere.form]) expect((await enter(form)).status).toBe(401);
      for (const from of ['https://evil.test', `https://${host}`, 'null', '']) {
        expect((await enter(made.form, from)).status).toBe(403);
      }
      expect((await enter(`ticket=${'a'.repeat(10_000)}`)).status).toBe(413);
      expect((await enter(made.form)).status).toBe(303);
      expect((await enter(made.form)).status).toBe(401);
    });

    it.each(['/../api/v1/me', '/%2e%2e/api/v1/me', '//api/v1/me', '/.knot/../api/v1/me', '/x/..%2f.knot/enter'])(
      'has nothing of knot at the path %s',
      async (path) => {
        const asked = lines(`GET ${path} HTTP/1.1`, `Host: ${host}`, `Cookie: ${own().cookie}`);
        const answer = await raw(address, asked);
        expect(answer).toMatch(/^HTTP\/1.1 (200|404) /);
        expect(answer).not.toContain(ADMINISTRATOR.email);
        if (answer.startsWith('HTTP/1.1 200')) expect(answer).toContain(`at ${path}`);
      },
    );

    it('believes no other word on its host, and lets no cache keep its own answers', async () => {
      const dashboard = new URL(attacked().originUrl).host;
      const lie = { 'x-forwarded-host': dashboard, forwarded: `host=${dashboard}`, 'x-original-url': '/api/v1/me' };
      const told = await ada.get(address, 'headers', lie);
      expect(JSON.parse(told.body)).toContain(host);
      expect(told.body).not.toContain(`"${dashboard}"`);
      const there = await ada.get(attacked().originUrl, 'api/v1/me', { ...own(), 'x-forwarded-host': host });
      expect([there.status, there.body.includes(ADMINISTRATOR.email)]).toEqual([401, false]);
      const nobody = AppVisitor.nobody(attacked().originUrl);
      for (const [path, headers] of [
        ['', { accept: 'text/html' }],
        ['', { accept: '*/*' }],
        ['.knot/x', {}],
      ] as const) {
        expect((await nobody.get(address, path, headers)).headers['cache-control']).toBe('no-store');
      }
    });

    it('hands on no frame that claims to be endless', async () => {
      const key = randomBytes(16).toString('base64');
      const upgrade = [
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${key}`,
      ];
      const head = ['GET /socket HTTP/1.1', `Host: ${host}`, `Origin: https://${host}`, `Cookie: ${own().cookie}`];
      const socket = dial(address);
      let heard = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => (heard = Buffer.concat([heard, chunk])));
      socket.write([...head, ...upgrade, '', ''].join('\r\n'));
      await eventually(
        () => heard.toString('latin1'),
        (text) => text.includes('101 Switching'),
        SOON,
      );
      socket.write(Buffer.from([0x82, 0xff, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]));
      // the app refuses it, and its farewell comes through
      await eventually(() => heard.includes(Buffer.from([0x03, 0xf1])) || socket.destroyed, Boolean, SOON);
      socket.destroy();
      await wellAsEver();
    });

    it('speaks HTTP/2, in which nothing more is let in', async () => {
      const session = connectHttp2(`https://${host}`, { createConnection: () => dial(address, ['h2']) });
      session.on('error', () => undefined);
      const status = (headers: OutgoingHttpHeaders): Promise<number> =>
        new Promise((resolve) => {
          const stream = session.request({ ':authority': host, ...headers });
          stream.on('response', (answer) => resolve(answer[':status'] ?? 0));
          stream.on('error', () => resolve(0));
          stream.on('close', () => resolve(0));
          stream.resume();
        });
      const other = new URL(attacked().otherAddress).host;
      expect(await status({ ':path': '/', ...own() })).toBe(200);
      expect(await status({ ':path': '/' })).toBe(401);
      expect(await status({ ':path': '/', ...own(), 'sec-fetch-site': 'cross-site' })).toBe(403);
      expect(await status({ ':path': '/api/v1/me', ':authority': new URL(attacked().originUrl).host })).toBe(421);
      expect([401, 421]).toContain(await status({ ':path': '/', ':authority': other, ...own() }));
      expect(await status({ ':path': '/', ...own(), host: other })).not.toBe(200);
      expect(await status({ ':path': '/', ...own(), 'x-bomb': 'x'.repeat(65_536) })).not.toBe(200);
      // opened and given up, faster than they can be answered
      for (let nth = 0; nth < 3_000 && !session.destroyed && !session.closed; nth += 1) {
        session
          .request({ ':authority': host, ':path': '/deep', ...own() })
          .on('error', () => undefined)
          .close();
      }
      await wellAsEver();
      session.destroy();
    });

    it('drops who sends a head byte by byte, or nothing', async () => {
      await eventually(() => slow.every(({ ended }) => ended()), Boolean, {
        ...SOON,
        what: 'the slow ones to be dropped',
      });
      await wellAsEver();
    });
  });
}

interface Slow {
  readonly socket: TLSSocket;
  readonly ended: () => boolean;
}

function drip(address: string, text: string): Slow {
  const socket = dial(address);
  const bytes = [...Buffer.from(text)];
  const timer = setInterval(() => {
    const next = bytes.shift();
    if (next !== undefined && socket.writable) socket.write(Buffer.of(next));
  }, 200);
  let ended = false;
  socket.resume();
  socket.once('close', () => {
    clearInterval(timer);
    ended = true;
  });
  return { socket, ended: () => ended };
}

function dial(address: string, ALPNProtocols: string[] = ['http/1.1']): TLSSocket {
  const { hostname: servername, port } = new URL(address);
  const socket = connect({
    host: '127.0.0.1',
    port: Number(port),
    servername,
    rejectUnauthorized: false,
    ALPNProtocols,
  });
  return socket.on('error', () => undefined);
}

/** Bytes as they are, and all that is answered until the end. */
function raw(address: string, text: string): Promise<string> {
  const socket = dial(address);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  socket.write(text);
  return new Promise((resolve) => socket.once('close', () => resolve(answer)));
}
