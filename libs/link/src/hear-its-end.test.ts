import { mkdtempSync } from 'node:fs';
import { once } from 'node:events';
import { connect as connectHttp2, performServerHandshake } from 'node:http2';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { hearItsEnd } from './hear-its-end.js';
import { ownCertificate } from './own-certificate.js';

const MIB = 1024 * 1024;

function portOf(server: Pick<Server, 'address'>): number {
  return (server.address() as AddressInfo).port;
}

it('a connection hears that it broke while it was writing', async () => {
  const own = await ownCertificate(mkdtempSync(join(tmpdir(), 'knot-link-')), ['localhost'], Date.now());
  const leaf = createTlsServer(own).listen(0, '127.0.0.1');
  await once(leaf, 'listening');
  const onTheWay: Socket[] = [];
  const way = createServer((near) => {
    const far = connect(portOf(leaf), '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('error', () => undefined).pipe(other);
    onTheWay.push(near, far);
  }).listen(0, '127.0.0.1');
  await once(way, 'listening');
  try {
    const joined = once(leaf, 'secureConnection') as Promise<[TLSSocket]>;
    const socket = connectTls({ port: portOf(way), host: '127.0.0.1', rejectUnauthorized: false });
    const [[atLeaf]] = await Promise.all([joined, once(socket, 'secureConnect')]);
    const session = performServerHandshake(socket);
    session.on('error', () => undefined);
    hearItsEnd(socket);
    const opened = once(session, 'stream');
    const asking = connectHttp2('http://agent', {
      createConnection: () => atLeaf.on('error', () => undefined),
      settings: { initialWindowSize: 16 * MIB },
    });
    asking.on('error', () => undefined);
    asking.once('connect', () => asking.setLocalWindowSize(64 * MIB));
    asking.request({ ':method': 'POST', ':path': '/' }, { endStream: false }).on('error', () => undefined);
    const [stream] = await opened;
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200 });
    await sleep(100);
    for (const end of onTheWay) end.pause().unpipe();
    // more than the kernel takes, and then something that has to wait for it
    for (let written = 0; written < 8; written += 1) stream.write(Buffer.alloc(MIB));
    await sleep(200);
    session.ping(() => undefined);
    const closed = once(socket, 'close');
    for (const end of onTheWay) end.resetAndDestroy();
    await closed;
    expect(session.destroyed).toBe(true);
  } finally {
    for (const end of onTheWay) end.destroy();
    way.close();
    leaf.close();
  }
}, 10_000);
