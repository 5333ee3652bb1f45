import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeStreamMessage, deliver, streamCarrier } from '@knot/contract';
import { ResumableStream } from '@knot/link/streams';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { createApi } from '../api/api.js';
import type { Client } from '../client/open-client.js';
import { systemContext, type CommandContext } from '../command-context.js';
import { KnownWays } from '../ways/known-ways.js';
import { reachSpace } from '../ways/reach-space.js';
import { openSpaceStream } from './space-stream.js';

const MINUTE = 60_000;
const ID = '0123abcd-0000-4000-8000-000000000001';

/** Stands for origin and leaf, and for an agent that says again what it hears: what those do is tested there. */
let web: Server;
let url: string;
let streams: Map<string, ResumableStream>;
let open: Set<WebSocket>;
/** Whether the leaf lets anybody in. */
let away: boolean;
/** Whether the origin says nothing at all. */
let silent: boolean;
let grantsAsked: ((response: ServerResponse) => void) | null;

beforeEach(async () => {
  [streams, open, away, silent, grantsAsked] = [new Map(), new Set(), false, false, null];
  web = createServer(serve);
  const sockets = new WebSocketServer({ noServer: true });
  web.on('upgrade', (request, socket, head) => {
    if (away) return void socket.end('HTTP/1.1 503 server.unavailable\r\nConnection: close\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, answer);
  });
  await once(web.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
});

afterEach(async () => {
  web.closeAllConnections();
  for (const socket of open) socket.terminate();
  await new Promise((resolve) => web.close(resolve));
});

function serve({ url: path = '' }: IncomingMessage, response: ServerResponse): void {
  if (silent) return;
  const json = (body: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  if (path === '/api/v1/grants') {
    if (grantsAsked) return grantsAsked(response);
    return void json({ grant: 'g', expiresAt: Date.now() + 24 * 60 * MINUTE });
  }
  json({ ticket: 't', path: '', direct: url, directFingerprint: '', location: 'home', hostKey: 'ssh-ed25519 AAAA' });
}

function answer(socket: WebSocket): void {
  open.add(socket);
  const carrier = streamCarrier(
    (message) => socket.send(message),
    () => socket.close(),
  );
  let stream: ResumableStream | undefined;
  socket.on('message', (data: Buffer) => {
    const message = decodeStreamMessage(data);
    if (message?.kind !== 'control' || message.control.say !== 'open') {
      if (message && stream) deliver(message, stream);
      return;
    }
    const { stream: known, received } = message.control;
    stream = streams.get(known) ?? new ResumableStream();
    if (known === '') stream.pipe(stream);
    streams.set(ID, stream);
    carrier.control({ say: 'opened', stream: ID, received: stream.received });
    stream.attach(carrier, received);
  });
  socket.once('close', () => {
    open.delete(socket);
    stream?.detach(carrier);
  });
}

/** The wire is cut. */
function cut(): void {
  for (const socket of open) socket.terminate();
}

/** `later` ms are to be added to what a clock shows. */
function clientOf({ onLoss = (): void => undefined, later = (): number => 0, ways = '' } = {}): Client {
  const system = systemContext();
  let kept = ways;
  const context: CommandContext = {
    ...system,
    readFile: () => kept,
    writePrivateFile: (_path, text) => void (kept = text),
    stderr: { write: (text) => void (text.includes('is lost') && onLoss()) },
    clock: {
      ...system.clock,
      // a server that says nothing for half a minute says nothing for ever here
      setTimeout: (late, ms) => system.clock.setTimeout(late, ms < 30_000 ? Math.min(ms, 500) : 24 * 60 * MINUTE),
      now: () => system.clock.now() + later(),
    },
  };
  const ports = { server: url, fetch, clock: context.clock, random: context.random };
  return {
    server: url,
    context,
    api: createApi(ports, {}),
    hastyApi: createApi({ ...ports, deadlineMs: 5_000 }, {}),
    headers: {},
    follow: () => {
      throw new Error('nothing is followed');
    },
    download: () => {
      throw new Error('nothing is fetched');
    },
  };
}

async function saidAgain(stream: ResumableStream, text: string): Promise<void> {
  stream.write(text);
  expect(String((await once(stream, 'data'))[0])).toBe(text);
}

it('a stream goes on whose leaf is killed while the origin is asked for a grant', async () => {
  const asked = Promise.withResolvers<ServerResponse>();
  grantsAsked = asked.resolve;
  const opening = openSpaceStream(clientOf(), 'hello', 'ssh');
  const response = await asked.promise;
  cut();
  // by then the client has heard of it
  await (await fetch(url)).text();
  grantsAsked = null;
  response.writeHead(503, { 'content-type': 'application/json' }).end('{}');
  const { stream } = await opening;
  await saidAgain(stream, 'still here');
  stream.destroy();
});

it('a stream is taken up again along each new connection, and leaves nothing behind of those before', async () => {
  const { stream } = await openSpaceStream(clientOf(), 'hello', 'ssh');
  await saidAgain(stream, 'first');
  const listening = stream.listenerCount('close');
  for (let number = 0; number < 4; number += 1) {
    cut();
    await saidAgain(stream, `again ${number}`);
  }
  expect(stream.listenerCount('close')).toBe(listening);
  stream.destroy();
});

it('a stream is taken up after nine minutes, and given up after ten', async () => {
  let [passed, losses] = [0, 0];
  const lost = Promise.withResolvers<void>();
  const onLoss = () => {
    losses += 1;
    // from the second one on nobody comes back
    passed += losses === 1 ? 9 * MINUTE : 10 * MINUTE + 1;
    away = losses > 1;
    lost.resolve();
  };
  const { stream } = await openSpaceStream(clientOf({ onLoss, later: () => passed }), 'hello', 'ssh');
  const over = once(stream, 'error');
  away = true;
  cut();
  await lost.promise;
  await saidAgain(stream, 'nine minutes later');
  away = true;
  cut();
  expect((await over)[0]).toMatchObject({ code: 'server.unavailable' });
  expect(losses).toBe(2);
});

it('a space that one was in before is entered by its leaf where the origin takes connections and says nothing', async () => {
  const client = clientOf();
  const ways = new KnownWays(client);
  expect(ways.key.type).toBe('private');
  ways.keepSpace({ id: ID, name: 'hello', owner: 'ann', location: 'home', hostKey: 'ssh-ed25519 AAAA' });
  ways.keepLeaf('home', { grant: 'g', expiresAt: Date.now() + MINUTE, direct: url, fingerprint: '' });
  silent = true;
  expect(await reachSpace(client, 'hello')).toMatchObject({ id: ID });
  const { stream } = await openSpaceStream(client, ID, 'ssh');
  await saidAgain(stream, 'by the leaf alone');
  stream.destroy();
});

it('a file of ways whose key is none keeps nobody out, and gets a new one', async () => {
  const client = clientOf({ ways: JSON.stringify({ [url]: { key: 'none', leaves: {}, spaces: [] } }) });
  const { stream } = await openSpaceStream(client, 'hello', 'ssh');
  expect(client.context.readFile('')).toContain('BEGIN PRIVATE KEY');
  stream.destroy();
});
