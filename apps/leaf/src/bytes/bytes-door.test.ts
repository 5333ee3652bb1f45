import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { performServerHandshake } from 'node:http2';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { BYTES_PROTOCOLS, bytesPath, TICKET_PROTOCOL } from '@knot/contract';
import { VirtualClock } from '@knot/drivers/fake';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { AgentSession } from '../agents/agent-session.js';
import { BytesDoor } from './bytes-door.js';
import { MetSince } from './met-since.js';
import { Tickets } from './tickets.js';

const SPACE = '0123abcd-0000-4000-8000-000000000001';
const pair = generateKeyPairSync('ed25519');
const clock = new VirtualClock();
const servers: Pick<Server, 'close'>[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** An agent that takes streams and says nothing. */
async function agent(): Promise<AgentSession> {
  const meets = createServer((socket) => void performServerHandshake(socket).on('error', () => undefined));
  servers.push(meets);
  await once(meets.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((meets.address() as AddressInfo).port, '127.0.0.1');
  return new AgentSession(SPACE, 'instance', 'start', socket, clock, {
    onEnd: () => undefined,
    onNews: () => undefined,
  });
}

function ticketOf(user: string): string {
  const claims = { key: 'k', id: crypto.randomUUID(), location: 'home', space: SPACE, user, action: 'terminal' };
  const body = Buffer.from(JSON.stringify({ ...claims, until: clock.now() + 60_000 })).toString('base64url');
  return `${body}.${sign(null, Buffer.from(body), pair.privateKey).toString('base64url')}`;
}

it('who has just lost the space is refused before a WebSocket comes about', async () => {
  const session = await agent();
  session.keepTo(['ann'], 0);
  session.keepTo([], clock.now());
  const refused: string[] = [];
  const met = new MetSince(clock);
  met.tell(clock.now());
  const none = () => Promise.reject(new Error('not asked'));
  const door = new BytesDoor({
    agents: { sessions: { get: () => session }, refusals: { note: ({ message }) => void refused.push(message) } },
    tickets: new Tickets('home', () => ({ k: pair.publicKey.export({ format: 'jwk' }).x ?? '' }), met, clock),
    grants: { use: none },
    uses: { admit: none, serve: () => undefined },
    entries: { note: none },
    addressOf: () => '',
    originUrl: none,
    newId: () => '',
    now: () => clock.now(),
  });
  servers.push(door.server);
  await once(door.server.listen(0, '127.0.0.1'), 'listening');
  const { port } = door.server.address() as AddressInfo;
  const asked = [BYTES_PROTOCOLS.terminal, TICKET_PROTOCOL + ticketOf('ann')];
  const socket = new WebSocket(`ws://127.0.0.1:${port}${bytesPath(SPACE, 'terminal')}`, asked);
  socket.on('error', () => undefined);
  const [, { statusCode }] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  expect([statusCode, refused]).toEqual([403, ['The space is no longer shared with you.']]);
  session.close();
});
