import { randomBytes, randomUUID } from 'node:crypto';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { BYTES_PROTOCOLS, bytesPath, LONGEST_MESSAGE, TICKET_PROTOCOL, type StreamAction } from '@knot/contract';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Space } from '../tools/api-client.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { spaceWithAgent } from '../tools/ssh.js';
import { TerminalWindow } from '../tools/terminal-window.js';

const SILENCE_MS = 1_000;

let origin: Origin;
let leaf: Leaf;
let [work, other]: [Space?, Space?] = [];
let agents = 0;

beforeAll(async () => {
  origin = await startOrigin();
  const listen = await freePort();
  agents = await freePort();
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${agents}`,
    'server.direct_url': `https://127.0.0.1:${listen}`,
  };
  leaf = await startLeaf(origin, { location: 'lon', local: true, config, listen, tls: true });
  await locationReady(origin, 'lon', 'local');
  [work, other] = await Promise.all([spaceWithAgent(origin, 'work', 'lon'), spaceWithAgent(origin, 'other', 'lon')]);
  slow.push(...strangersAtAgents(), ...slowAtBytes(leaf.url), ...slowAtBytes(origin.url));
  // looked at in the end
  for (const one of slow) one.catch(() => undefined);
}, 180_000);

const idOf = (space: Space | undefined) => space?.id ?? '';

/** Whoever is known gets in as ever. */
afterEach(async () => {
  const window = await new TerminalWindow(origin.url, origin.api, idOf(work)).open();
  window.type('echo well-$((40+2))\n');
  await window.hears('well-42');
  window.leave();
  expect([leaf.process.isRunning(), origin.process.isRunning()]).toEqual([true, true]);
});

function raw(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => undefined);
}

function overTls(port: number): Socket {
  return connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }).on('error', () => undefined);
}

/** Says it, all at once or byte by byte; resolves with what was answered until the server hung up. */
function untilDropped(socket: Socket, said: string | Buffer, slowly = false): Promise<string> {
  let answered = '';
  socket.on('data', (chunk: Buffer) => (answered += chunk.toString('latin1')));
  const rest = [...Buffer.from(said)];
  if (!slowly) socket.write(Buffer.from(rest.splice(0)));
  const timer = setInterval(() => {
    const next = rest.shift();
    if (next !== undefined && socket.writable) socket.write(Buffer.of(next));
  }, SILENCE_MS);
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`It still listens to ${said.slice(0, 20).toString()}`)), 50_000);
    socket.once('close', () => {
      clearTimeout(late);
      clearInterval(timer);
      resolve(answered);
    });
  });
}

const joinLine = (fields: object) => {
  const request = { protocol: 1, version: '1', space: idOf(work), instance: randomUUID(), secret: 'x', credential: '' };
  return `${JSON.stringify({ ...request, ...fields })}\n`;
};

/** What takes its time, begun at once and looked at in the end. */
const slow: Promise<string>[] = [];

function strangersAtAgents(): Promise<string>[] {
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
  return [
    untilDropped(raw(agents), ''),
    untilDropped(raw(agents), '\u0016\u0003\u0001\u0002\u0000\u0001', true),
    untilDropped(raw(agents), randomBytes(5_000)),
    untilDropped(raw(agents), 'GET / HTTP/1.1\r\nhost: a\r\n\r\n'),
    untilDropped(overTls(agents), ''),
    untilDropped(overTls(agents), joinLine({}), true),
    untilDropped(overTls(agents), 'x'.repeat(100_000)),
    untilDropped(overTls(agents), randomBytes(5_000)),
    untilDropped(overTls(agents), preface),
  ];
}

function slowAtBytes(url: string): Promise<string>[] {
  const { port, protocol } = new URL(url);
  const dial = () => (protocol === 'https:' ? overTls(Number(port)) : raw(Number(port)));
  const head = `GET ${bytesPath(idOf(work), 'terminal')} HTTP/1.1\r\nHost: a\r\n`;
  return [
    untilDropped(dial(), `${head}Connection: Upgrade\r\n`),
    untilDropped(dial(), head, true),
    untilDropped(dial(), ''),
  ];
}

async function ticketOf(space: Space | undefined, action: StreamAction): Promise<string> {
  const path = `/spaces/${idOf(space)}/tickets`;
  return (await origin.api.request<{ ticket: string }>('POST', path, { action })).ticket;
}

describe.each([
  ['of the leaf', () => leaf.url],
  ['of the origin', () => origin.url],
])('a stranger at the door for bytes %s', (_whose, url) => {
  const terminal = () => bytesPath(idOf(work), 'terminal');
  const shown = (ticket: string, protocol: string = BYTES_PROTOCOLS.terminal) =>
    `${protocol}, ${TICKET_PROTOCOL}${ticket}`;

  /** The status that an upgrade is answered with. */
  function upgrade(path: string, protocols: string, headers: Record<string, string> = {}): Promise<number> {
    const { protocol, port } = new URL(url());
    const request = protocol === 'https:' ? tlsRequest : plainRequest;
    const key = randomBytes(16).toString('base64');
    const asked = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': key,
    };
    return new Promise((resolve) => {
      const sent = request({
        ...{ host: '127.0.0.1', port, path, rejectUnauthorized: false },
        headers: { ...asked, ...(protocols !== '' && { 'sec-websocket-protocol': protocols }), ...headers },
      });
      sent.once('upgrade', (_answer, socket) => {
        socket.destroy();
        resolve(101);
      });
      sent.once('response', (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      sent.once('error', () => resolve(0));
      sent.end();
    });
  }

  it('gets in by no ticket that is forged, of another space, for something else, or used before', async () => {
    const good = await ticketOf(work, 'terminal');
    const [body = '', mark = ''] = good.split('.');
    const changed = (change: object) => {
      const claims: object = JSON.parse(Buffer.from(body, 'base64url').toString());
      return `${Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url')}.${mark}`;
    };
    const forged = [
      changed({ until: Number.MAX_SAFE_INTEGER }),
      changed({ user: randomUUID() }),
      changed({ key: '__proto__' }),
      `${body}.${randomBytes(64).toString('base64url')}`,
      `${body}.`,
      'a.b',
      'x'.repeat(4_000),
      await ticketOf(other, 'terminal'),
      await ticketOf(work, 'ssh'),
    ];
    for (const ticket of forged) expect(await upgrade(terminal(), shown(ticket))).toBe(401);
    expect(await upgrade(terminal(), '')).toBe(401);
    // in an address it is none, nor as a header of another name
    expect(await upgrade(`${terminal()}?ticket=${good}`, BYTES_PROTOCOLS.terminal)).toBe(404);
    expect(await upgrade(terminal(), BYTES_PROTOCOLS.terminal, { authorization: `Bearer ${good}` })).toBe(401);
    // with another way of speaking than the one it is for
    expect(await upgrade(terminal(), shown(good, BYTES_PROTOCOLS.ssh))).toBe(401);
    expect(await upgrade(terminal(), shown(good))).toBe(101);
    expect(await upgrade(terminal(), shown(good))).toBe(401);
  });

  it.each([
    (id: string) => `/bytes/v1/spaces/${id}/terminal/`,
    (id: string) => `//bytes/v1/spaces/${id}/terminal`,
    (id: string) => `/bytes/v1/spaces/${id}/../${id}/terminal`,
    (id: string) => `/bytes/v1/spaces/${id}/%74erminal`,
    (id: string) => `/bytes/v1/spaces/${id.toUpperCase()}/terminal`,
    (id: string) => `/bytes/v1/spaces/${id}%00/terminal`,
    (id: string) => `/bytes/v1/spaces/${id}/everything`,
    (id: string) => `http://evil.test/bytes/v1/spaces/${id}/terminal`,
  ])('finds nothing at a path that is nearly one: %s', async (path) => {
    const ticket = await ticketOf(work, 'terminal');
    expect(await upgrade(path(idOf(work)), shown(ticket))).toBe(404);
    // which is as good as before
    expect(await upgrade(terminal(), shown(ticket))).toBe(101);
  });

  it('is cut with a message that is longer than any may be, and nobody else is', async () => {
    const kept = await new TerminalWindow(origin.url, origin.api, idOf(work)).open();
    const open = async () => {
      const address = new URL(terminal(), url().replace(/^http/, 'ws'));
      const protocols = [BYTES_PROTOCOLS.terminal, TICKET_PROTOCOL + (await ticketOf(work, 'terminal'))];
      const socket = new WebSocket(address, protocols, { rejectUnauthorized: false });
      socket.on('error', () => undefined);
      await new Promise((resolve) => socket.once('open', resolve));
      return socket;
    };
    for (const strike of [
      (socket: WebSocket) => socket.send(Buffer.alloc(LONGEST_MESSAGE + 1)),
      (socket: WebSocket) => socket.send('text, which is no message'),
      // a head that promises an exabyte, and parts that are none
      (socket: WebSocket) => Reflect.get(socket, '_socket').write(Buffer.from('82ff0fffffffffffffff01020304', 'hex')),
      (socket: WebSocket) => Reflect.get(socket, '_socket').write(Buffer.from('ffffffff', 'hex')),
    ]) {
      const socket = await open();
      const closed = new Promise((resolve) => socket.once('close', resolve));
      strike(socket);
      await closed;
    }
    for (const key of 'echo kept') await kept.key(key);
    kept.leave();
  });

  it('is answered 431 or nothing for a head that is too large', async () => {
    const { port, protocol } = new URL(url());
    const dial = () => (protocol === 'https:' ? overTls(Number(port)) : raw(Number(port)));
    const head = `GET ${terminal()} HTTP/1.1\r\nHost: a\r\n`;
    for (const bomb of [`X-Bomb: ${'x'.repeat(70_000)}\r\n`, 'X-A: b\r\n'.repeat(8_000)]) {
      const answer = await untilDropped(dial(), `${head}${bomb}Connection: close\r\n\r\n`);
      expect(['431', '']).toContain(answer.split(' ')[1] ?? '');
    }
  });
});

it('whoever says nothing at a door, says it too slowly, too much, or talks garbage, is dropped', async () => {
  for (const answer of await Promise.all(slow)) expect(answer).not.toMatch(/101 Switching|"joined":true/);
}, 90_000);
