import { createCipheriv, createHash, type Hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request as tlsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { Readable, type Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { startAppLeaf, startAppSpace } from '../tools/app-space.js';
import { AppVisitor } from '../tools/app-visitor.js';
import { ADMINISTRATOR, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';

const MEGABYTE = 1024 * 1024;
const BODY = 100 * MEGABYTE;
const PIECE = Buffer.alloc(65_536);
/** What a server may hold more than before while a body goes through it: buffers of the way, not the body. */
const MOST_HELD = 80 * MEGABYTE;

let origin: Origin;
let leaf: Leaf;
let ada: AppVisitor;
const addresses = { origin: '', leaf: '' };

beforeAll(async () => {
  origin = await startOrigin({ tls: true, config: { 'server.wildcard_domain': '*.knot-apps.test' } });
  leaf = await startAppLeaf(origin, { direct: 'https' });
  const { port } = await startAppSpace(origin);
  addresses.origin = port.address;
  addresses.leaf = port.directAddress;
  ada = await AppVisitor.signIn(origin.url, ADMINISTRATOR.username);
  for (const address of Object.values(addresses)) await ada.enter(address);
}, 240_000);

/** What the app at /noise says too. */
function* noise(): Generator<Buffer> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
  for (let left = BODY; left > 0; left -= PIECE.length) yield cipher.update(PIECE);
}

const expected = [...noise()].reduce((hash: Hash, piece) => hash.update(piece), createHash('sha256')).digest('hex');

/** A request whose body is streamed, and the stream of its answer. */
async function ask(address: string, path: string, protocol: string, body: Readable | null): Promise<Readable> {
  const { host, hostname: servername, port, origin: own } = new URL(address);
  const cookie = ada.cookie(address);
  const method = body ? 'POST' : 'GET';
  const to = { host: '127.0.0.1', port: Number(port), servername, rejectUnauthorized: false };
  if (protocol === 'HTTP/1.1') {
    const sent = tlsRequest({ ...to, path, method, agent: false, headers: { host, cookie, origin: own } });
    const answered = new Promise<Readable>((resolve, reject) => sent.once('response', resolve).once('error', reject));
    await pipeline(body ?? Readable.from([]), sent);
    return answered;
  }
  const session = connectHttp2(own, { createConnection: () => connect({ ...to, ALPNProtocols: ['h2'] }) });
  const headers = { ':authority': host, ':method': method, ':path': path, cookie, origin: own };
  const stream: Duplex = session.request(headers, { endStream: body === null });
  stream.once('close', () => session.close());
  if (body) await pipeline(body, stream);
  return stream;
}

async function textOf(answer: Readable): Promise<string> {
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return text;
}

async function hashOf(answer: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of answer) hash.update(Buffer.from(chunk));
  return hash.digest('hex');
}

/** Of both servers: how much more than before each has held at its highest. */
async function heldMeanwhile<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly held: number }> {
  const pids = [origin.process.pid, leaf.process.pid];
  const kept = (pid: number, name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;
  for (const pid of pids) writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const before = pids.map((pid) => kept(pid, 'VmRSS'));
  const result = await work();
  return { result, held: Math.max(...pids.map((pid, index) => kept(pid, 'VmHWM') - (before[index] ?? 0))) };
}

describe.each(['origin', 'leaf'] as const)('a body of 100 MB to an app and from it, by the %s', (door) => {
  it.each(['HTTP/1.1', 'HTTP/2'])(
    'comes whole by %s, and no server holds it',
    async (protocol) => {
      const address = addresses[door];
      const up = await heldMeanwhile(async () =>
        textOf(await ask(address, '/upload', protocol, Readable.from(noise()))),
      );
      expect(JSON.parse(up.result)).toEqual({ bytes: BODY, sha256: expected });
      const down = await heldMeanwhile(async () => hashOf(await ask(address, `/noise?bytes=${BODY}`, protocol, null)));
      expect(down.result).toBe(expected);
      console.log(
        `${door} ${protocol}: ${Math.round(up.held / MEGABYTE)} MB more up, ${Math.round(down.held / MEGABYTE)} down`,
      );
      expect(Math.max(up.held, down.held)).toBeLessThan(MOST_HELD);
    },
    300_000,
  );
});
