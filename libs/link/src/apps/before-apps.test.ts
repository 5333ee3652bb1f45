import { once } from 'node:events';
import { createServer, request, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { beforeApps } from './before-apps.js';

const servers: ReturnType<typeof createServer>[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) server.closeAllConnections();
});

async function serving(own: RequestListener): Promise<number> {
  const server = beforeApps(createServer(), null, own);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

it('an answer that goes on for ever is not cut because nobody has read the request', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let more = () => {};
  const port = await serving((_, response) => {
    response.write('one');
    more = () => response.end('two');
  });
  const asked = request({ port, host: '127.0.0.1', path: '/events' }).end();
  const [answer] = await once(asked, 'response');
  expect(String(await once(answer, 'data'))).toBe('one');
  vi.advanceTimersByTime(61_000);
  more();
  expect(String(await once(answer, 'data'))).toBe('two');
});

it('a request whose body does not come is ended', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const come = Promise.withResolvers<void>();
  const port = await serving(() => come.resolve());
  const asked = request({ port, host: '127.0.0.1', method: 'POST', headers: { 'content-length': 10 } });
  asked.write('half');
  const ended = once(asked, 'error');
  await come.promise;
  vi.advanceTimersByTime(61_000);
  expect(String(await ended)).toContain('socket hang up');
});
