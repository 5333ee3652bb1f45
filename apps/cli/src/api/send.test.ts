import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ownCertificate } from '@knot/link';
import { systemClock } from '@knot/shared/config';
import { runInProcess } from '../testing/run-in-process.js';
import { answer, createApi } from './api.js';
import type { SendPorts } from './send.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const serve = async (handler: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(handler))}`;

function ports(server: string, change: Partial<SendPorts> = {}): SendPorts {
  return {
    server,
    fetch,
    clock: systemClock,
    random: (count) => crypto.getRandomValues(new Uint8Array(count)),
    ...change,
  };
}

const json = { 'content-type': 'application/json' };

describe('a request whose answer is lost', () => {
  /** Takes the request, does its work by key, and drops the connection before the first answer. */
  async function forgetful(done: (string | undefined)[]): Promise<string> {
    return serve((request, response) => {
      done.push(request.headers['idempotency-key']?.toString());
      if (done.length === 1) request.socket.destroy();
      else response.writeHead(200, json).end('{"id":"1","state":"pending"}');
    });
  }
  const start = { params: { path: { id: 'x' } } };

  it('is sent again under the same key', async () => {
    const done: (string | undefined)[] = [];
    const api = createApi(ports(await forgetful(done)), { authorization: 'Bearer t' });
    expect(await answer(api.POST('/api/v1/spaces/{id}/start', start))).toMatchObject({ state: 'pending' });
    expect(done).toHaveLength(2);
    expect(new Set(done).size).toBe(1);
    expect(done[0]).toMatch(/^\w{32}$/);
    await answer(api.POST('/api/v1/spaces/{id}/start', start));
    expect(done[2]).not.toBe(done[0]);
  });

  it('is not sent again where the server could not know it again', async () => {
    for (const [method, headers] of [
      ['POST', {}],
      ['DELETE', { authorization: 'Bearer t' }],
    ] as const) {
      const done: (string | undefined)[] = [];
      const api = createApi(ports(await forgetful(done)), headers);
      const call =
        method === 'POST'
          ? api.POST('/api/v1/auth/login', { body: { username: 'a', password: 'b' } })
          : api.DELETE('/api/v1/spaces/{id}', start);
      await expect(call).rejects.toMatchObject({ code: 'server.unavailable' });
      expect(done).toHaveLength(1);
    }
  });
});

describe('a server that does not do its part', () => {
  it('is given up when its answer does not come, also one that begins and does not end', async () => {
    const soon = { ...systemClock, setTimeout: (callback: () => void) => systemClock.setTimeout(callback, 50) };
    const silent = await serve(() => undefined);
    const slow = await serve((_, response) => void response.writeHead(200, json).write('{"items":'));
    for (const url of [silent, slow]) {
      const call = answer(createApi(ports(url, { clock: soon }), {}).GET('/api/v1/locations'));
      await expect(call).rejects.toThrow(/did not answer within 30 seconds/);
    }
  });

  it('gets its problem told by code, with what it knows, also by a code of the future', async () => {
    const problem = { code: 'quota.exceeded', status: 409, detail: 'Too many.', hint: 'Stop one.', limit: 3 };
    const bodies = [problem, { ...problem, code: 'quota.renamed', status: 404 }];
    const url = await serve((_, response) =>
      response.writeHead(409, { 'content-type': 'application/problem+json' }).end(JSON.stringify(bodies.shift())),
    );
    const ask = () => answer(createApi(ports(url), {}).GET('/api/v1/locations'));
    await expect(ask()).rejects.toMatchObject({
      ...{ code: 'quota.exceeded', hint: 'Stop one.' },
      details: { limit: 3 },
    });
    await expect(ask()).rejects.toMatchObject({ httpStatus: 404, message: 'Too many.' });
  });

  it('is not followed elsewhere with the token', async () => {
    const seen: string[] = [];
    const other = await serve((request) => void seen.push(request.url ?? ''));
    const url = await serve((_, response) => response.writeHead(302, { location: `${other}/api/v1/locations` }).end());
    const call = answer(createApi(ports(url), { authorization: 'Bearer t' }).GET('/api/v1/locations'));
    await expect(call).rejects.toThrow(`sends its visitors to ${other}`);
    expect(seen).toEqual([]);
  });
});

describe('the certificate of a server', () => {
  it('is checked, unless a person says otherwise and is warned', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'knot-cli-tls-'));
    const { key, cert } = await ownCertificate(folder, ['127.0.0.1'], Date.now());
    rmSync(folder, { recursive: true });
    const server = createTlsServer({ key, cert }, (_, response) => {
      response.writeHead(200, json).end('{"version":"1.2.3","api":"1"}');
    });
    const url = `https://127.0.0.1:${await listen(server)}`;
    const refused = await runInProcess(['version', '--server', url]);
    expect(refused).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('does not trust') });
    expect(refused.stderr).toContain('--tls-skip-verify');

    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    try {
      const taken = await runInProcess(['version', '--server', url, '--tls-skip-verify']);
      expect(taken).toMatchObject({ code: 0, stdout: expect.stringContaining('1.2.3 (API 1)') });
      expect(taken.stderr).toContain('anybody can pose as it');
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
    const plain = await runInProcess(['version', '--server', url.replace('https', 'http')]);
    expect(plain).toMatchObject({ code: 6, stderr: expect.stringContaining('Perhaps it is an https:// address') });
  });
});
