import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { createGrpcServer, listenOnePort, ownCertificate, type OnePort } from '@knot/link';
import { createLogger, createUuidV7, KeyRing, systemClock, systemRandom } from '@knot/shared';
import { openSqliteStore } from '@knot/shared/sqlite';
import type { OriginRow, Store } from '@knot/shared/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LeafLinks } from '../bytes/leaf-links.js';
import { OriginDoor } from './origin-door.js';
import { OriginPasses } from './origin-passes.js';
import { OtherOrigins } from './other-origins.js';

const logger = createLogger({ level: 'error', name: 'test', destination: { write: () => undefined } });
const newId = createUuidV7(systemClock, systemRandom);
const ring = () => new KeyRing([systemRandom(32)], systemRandom);
const keys = ring();

let folder: string;
let store: Store;
let port: OnePort;
let row: OriginRow;
let asking: OtherOrigins;
/** Whether the leaf in the process of the other origin is the one of its location. */
let acts = true;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'knot-others-'));
  store = await openSqliteStore({ file: join(folder, 'knot.db'), clock: systemClock, random: systemRandom });
  const { key, cert, fingerprint } = await ownCertificate(join(folder, 'tls'), ['127.0.0.1'], Date.now());
  const web = doorOf(new OriginPasses(store, keys, 'a', newId));
  port = await listenOnePort({ host: '127.0.0.1', port: 0, tls: { key, cert }, web, grpc: createGrpcServer() });
  const internalUrl = `https://127.0.0.1:${port.port}`;
  const common = { location: 'home', ownKey: false, programVersion: '1', startedAt: 1, seenAt: 1, version: 1 };
  row = { id: 'a', internalUrl, certificate: fingerprint, ...common };
});

afterEach(() => {
  acts = true;
  asking.close();
});

afterAll(async () => {
  await port.close(0);
  await store.close();
  await rm(folder, { recursive: true });
});

/** The other origin, whose leaf says all again. */
function doorOf(passes: OriginPasses): Server {
  const links = new LeafLinks(null);
  const connect = () => {
    const [ours, theirs] = duplexPair();
    theirs.pipe(theirs);
    return ours;
  };
  links.addOwn('home', { connect, acts: () => acts });
  const door = new OriginDoor(passes, links);
  const web = createServer();
  web.on('upgrade', (request, socket, head) => void door.upgrade(request, socket, head).catch(() => socket.destroy()));
  return web;
}

function others(change: Partial<OriginRow> = {}, shown = new OriginPasses(store, keys, 'b', newId)): OtherOrigins {
  const registry = { others: () => Promise.resolve([{ ...row, ...change }]) };
  asking = new OtherOrigins(registry, shown, systemClock, logger);
  return asking;
}

describe('another origin of the store', () => {
  it('carries connections to the leaf that it has, each its own, along one session', async () => {
    const b = others();
    const [one, two] = [await b.open('home'), await b.open('home')];
    for (const [stream, word] of [[one, 'one'] as const, [two, 'two'] as const]) {
      stream?.write(word);
      expect(String((await once(stream ?? process, 'data'))[0])).toBe(word);
      stream?.destroy();
    }
  });

  it('has none for a location without a link there, or whose leaf stands by', async () => {
    const b = others();
    expect(await b.open('elsewhere')).toBeNull();
    acts = false;
    expect(await b.open('home')).toBeNull();
  });

  it('is not trusted by its address: another certificate is none of the store', async () => {
    const wrong = row.certificate.replaceAll(/[A-F]/g, '0');
    expect(await others({ certificate: wrong }).open('home')).toBeNull();
    expect(await others({ certificate: '' }).open('home')).toBeNull();
  });

  it('lets nobody in whose keys are others, or by a pass for another one', async () => {
    expect(await others({}, new OriginPasses(store, ring(), 'b', newId)).open('home')).toBeNull();
    const passes = new OriginPasses(store, keys, 'b', newId);
    const misled = { issue: () => passes.issue('c'), use: () => Promise.resolve() };
    expect(await others({}, Object.assign(Object.create(passes), misled)).open('home')).toBeNull();
  });
});

describe('a pass', () => {
  it('is good once, for a minute, and for one origin', async () => {
    let ahead = 0;
    const later: Store = Object.assign(Object.create(store), { now: async () => (await store.now()) + ahead });
    const [a, b] = [new OriginPasses(later, keys, 'a', newId), new OriginPasses(later, keys, 'b', newId)];
    const [pass, late] = [await b.issue('a'), await b.issue('a')];
    await expect(b.use(pass)).rejects.toMatchObject({ code: 'auth.failed' });
    await a.use(pass);
    await expect(a.use(pass)).rejects.toMatchObject({ code: 'auth.failed' });
    ahead = 61_000;
    await expect(a.use(late)).rejects.toMatchObject({ code: 'auth.failed' });
    await expect(a.use('')).rejects.toMatchObject({ code: 'auth.failed' });
  });
});
