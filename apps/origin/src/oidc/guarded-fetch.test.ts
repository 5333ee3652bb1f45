import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guardedFetch } from './guarded-fetch.js';

const server = createServer((request, response) => {
  if (request.url === '/moved') return response.writeHead(302, { location: '/elsewhere' }).end();
  if (request.url === '/long') return response.end(Buffer.alloc(2 * 1024 * 1024));
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => response.end(`${request.method} ${body}`));
});
let port: number;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('a fetch of an address that somebody else names', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[fe80::1]/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://0.0.0.0/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://255.255.255.255/',
    'http://[::]/',
  ])('never goes to %s, even where this machine may be asked', async (url) => {
    await expect(guardedFetch(true)(url, {})).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('goes to this machine only where that is meant, also by a name that is looked up', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = `http://${host}:${port}/`;
      await expect(guardedFetch(false)(url, {})).rejects.toMatchObject({ code: 'access.denied' });
    }
    const answer = await guardedFetch(true)(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'a=b' });
    expect(await answer.text()).toBe('POST a=b');
  });

  it('follows nobody elsewhere, and reads no more than a provider says', async () => {
    const moved = await guardedFetch(true)(`http://127.0.0.1:${port}/moved`, {});
    expect(moved.status).toBe(302);
    await expect(guardedFetch(true)(`http://127.0.0.1:${port}/long`, {})).rejects.toMatchObject({
      code: 'input.too_large',
    });
  });
});
