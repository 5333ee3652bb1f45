import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@knot/shared/config';
import { expect, it } from 'vitest';
import { download } from './download.js';

it('says of a connection that breaks off in the midst that it did, and gives what came before', async () => {
  const web = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/csv' });
    response.write('first\n', () => setImmediate(() => response.destroy()));
  });
  await once(web.listen(0, '127.0.0.1'), 'listening');
  const server = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const ports = { server, fetch, clock: systemClock, random: () => new Uint8Array(64), headers: {} };
  const pieces: string[] = [];
  const read = async () => {
    for await (const piece of download(ports, '/x', 'text/csv')) pieces.push(piece);
  };
  await expect(read()).rejects.toMatchObject({
    code: 'server.unavailable',
    message: `the connection to ${server} broke off`,
  });
  expect(pieces).toEqual(['first\n']);
  web.close();
});
