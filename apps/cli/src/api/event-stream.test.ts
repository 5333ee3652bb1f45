import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '@knot/shared/config';
import { followEvents, type News } from './event-stream.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that handles its first request by the first handler and so on; the last one handles the rest. */
async function serve(...handlers: readonly Handler[]): Promise<string> {
  let asked = 0;
  server = createServer((request, response) => {
    handlers[Math.min(asked, handlers.length - 1)]?.(request, response);
    asked += 1;
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const stream =
  (text: string, { end = false, seen = [] as (string | undefined)[] } = {}): Handler =>
  (request, response) => {
    seen.push(request.headers['last-event-id']?.toString());
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text);
    if (end) setTimeout(() => response.destroy(), 50);
  };

const problem =
  (status: number, code: string): Handler =>
  (_, response) =>
    response
      .writeHead(status, { 'content-type': 'application/problem+json' })
      .end(JSON.stringify({ status, code, detail: 'No.', hint: '' }));

const put = (id: string, version: number): string =>
  `event: change\ndata: ${JSON.stringify({ kind: 'space', id, op: 'put', object: { id, version } })}\n\n`;

async function take(url: string, count: number): Promise<News[]> {
  const end = new AbortController();
  const ports = { server: url, fetch, clock: systemClock, random: () => new Uint8Array(64), headers: {} };
  const news: News[] = [];
  for await (const one of followEvents(ports, end.signal)) {
    news.push(one);
    if (news.length === count) end.abort();
  }
  return news;
}

describe('followEvents', () => {
  it('goes on after a broken connection where it was, without reading anything twice', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve(
      stream(`event: hello\nid: a:1\ndata: {}\n\n${put('x', 1)}id: a:2\n\n: half of the next\nevent: chan`, {
        end: true,
        seen,
      }),
      problem(503, 'store.unavailable'),
      stream(put('x', 2), { seen }),
    );
    const news = await take(url, 4);
    expect(news.map(({ kind }) => kind)).toEqual(['relist', 'change', 'lost', 'change']);
    expect(news[3]).toMatchObject({ change: { id: 'x', object: { version: 2 } } });
    expect(seen).toEqual([undefined, 'a:2']);
  });

  it('asks to read all again when it has no place to go on from, and when the server says so', async () => {
    const url = await serve(
      stream(put('x', 1), { end: true }),
      stream('event: relist\nid: b:9\ndata: {}\n\nevent: refresh\ndata: {"kind":"space"}\n\n'),
    );
    const kinds = (await take(url, 6)).map(({ kind }) => kind);
    expect(kinds).toEqual(['relist', 'change', 'lost', 'relist', 'relist', 'relist']);
  });

  it('ends with the reason when it is refused, also later on', async () => {
    const refused = await serve(problem(401, 'auth.required'));
    await expect(take(refused, 1)).rejects.toMatchObject({ code: 'auth.required' });
    server?.close();
    const later = await serve(stream(': hi\n\n', { end: true }), problem(401, 'auth.required'));
    await expect(take(later, 9)).rejects.toMatchObject({ code: 'auth.required' });
  });

  it('says so when nothing answers the first time', async () => {
    await expect(take('http://127.0.0.1:1', 1)).rejects.toMatchObject({ code: 'server.unavailable' });
  });
});
