import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import {
  BYTES_PROTOCOLS,
  decodeTerminalMessage,
  encodeTerminalMessage,
  LONGEST_MESSAGE,
  TICKET_PROTOCOL,
} from '@knot/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Space } from '../tools/api-client.js';
import { makeCertificate } from '../tools/certificates.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder, KNOT } from '../tools/processes.js';
import { agentJoined, Desk, sha256Of, spaceWithAgent } from '../tools/ssh.js';

const SOON = { timeout: 60_000, interval: 200 };
/** Why a WebSocket is closed: too long a message; come back; nobody said. */
const [TOO_BIG, COME_BACK, GONE] = [1009, 1012, 1006];
const OPEN = { say: 'open', terminal: '', create: '', received: 0, size: { columns: 80, rows: 24 } } as const;

let origin: Origin;
let leaf: Leaf;
let space: Space;
const desk = new Desk();
const talks: Talk[] = [];

/** A command in the space that answers each line that it is sent, for as long as the connection lasts. */
interface Talk {
  says(line: string): Promise<unknown>;
  /** Once it has ended. */
  ended(): Promise<number>;
  end(): void;
}

beforeAll(async () => {
  origin = await startOrigin();
  const listen = await freePort();
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
    'server.direct_url': `https://127.0.0.1:${listen}`,
  };
  leaf = await startLeaf(origin, { location: 'lon', local: true, config, listen, tls: true });
  await locationReady(origin, 'lon', 'local');
  space = await spaceWithAgent(origin, 'work', 'lon');
  await desk.connect(origin);
}, 180_000);

afterAll(() => talks.forEach((talk) => talk.end()));

/** As at a terminal, where it says which way it goes. */
async function said(): Promise<string> {
  const command = `${process.execPath} ${KNOT} run work -- sh -c 'echo in $KNOT_SPACEID'`;
  return desk.must(desk.run('script', ['-qec', command, '/dev/null']));
}

function talk(): Talk {
  const child = desk.start(process.execPath, [
    KNOT,
    'run',
    'work',
    '--',
    'sh',
    '-c',
    'while read x; do echo got $x; done',
  ]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.on('error', () => undefined);
  const started: Talk = {
    says: (line) => {
      child.stdin.write(`${line}\n`);
      return eventually(
        () => output,
        (text) => text.includes(`got ${line}`),
        { ...SOON, what: `an answer to ${line}` },
      );
    },
    ended: () =>
      eventually(
        () => child.exitCode ?? -1,
        (code) => code >= 0,
        { ...SOON, what: 'the command to end' },
      ),
    end: () => void child.kill('SIGKILL'),
  };
  talks.push(started);
  return started;
}

/** A terminal at that door, by a ticket of its own; from a page of that site, where it is one. */
async function terminalAt(url: string, page?: string): Promise<WebSocket> {
  const asked = { action: 'terminal' };
  const path = `/spaces/${space.id}/tickets`;
  const given = await origin.api.request<{ ticket: string; path: string }>('POST', path, asked);
  const protocols = [BYTES_PROTOCOLS.terminal, TICKET_PROTOCOL + given.ticket];
  const window = new WebSocket(url.replace(/^http/, 'ws') + given.path, protocols, {
    rejectUnauthorized: false,
    origin: page,
  });
  window.on('error', () => undefined);
  await once(window, 'open');
  return window;
}

/** With which code it is closed that has sent this. */
async function closedFor(url: string, send: (window: WebSocket) => void): Promise<number> {
  const window = await terminalAt(url);
  const closed = new Promise<number>((resolve) => window.once('close', resolve));
  send(window);
  return closed;
}

const doors = [
  ['straight at the leaf', () => leaf.url],
  ['at the origin', () => origin.url],
] as const;

describe('a frame that no window sends', () => {
  it.each(doors)('ends its own connection and nothing else, %s', async (_where, door) => {
    const other = await terminalAt(door());
    const big = Buffer.alloc(LONGEST_MESSAGE + 1);
    expect(await closedFor(door(), (window) => window.send(big))).toBe(TOO_BIG);
    // in pieces that are small, each by itself
    const inPieces = (window: WebSocket) => {
      for (let at = 0; at < big.length; at += 16_384) {
        window.send(big.subarray(at, at + 16_384), { fin: at + 16_384 >= big.length });
      }
    };
    expect(await closedFor(door(), inPieces)).toBe(TOO_BIG);
    // told to be of 2^62 bytes, of which none comes
    const endless = Buffer.from([0x82, 0xff, 0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const raw = (window: WebSocket) => void Reflect.get(window, '_socket').write(endless);
    expect(await closedFor(door(), raw)).toBe(TOO_BIG);
    expect(await closedFor(door(), (window) => window.send('text'))).toBe(COME_BACK);
    // what is of the right length, and no message
    expect([COME_BACK, GONE]).toContain(
      await closedFor(door(), (window) => window.send(Buffer.alloc(LONGEST_MESSAGE))),
    );
    other.send(encodeTerminalMessage({ kind: 'control', control: OPEN }));
    const [answer] = await once(other, 'message');
    expect(decodeTerminalMessage(answer)).toMatchObject({ control: { say: 'opened', fresh: true } });
    other.terminate();
  });
});

it.each(doors)('no page of another site than the dashboard opens a terminal, %s', async (_where, door) => {
  for (const page of ['https://elsewhere.example', 'null', 'http://127.0.0.1:1', leaf.url]) {
    await expect(terminalAt(door(), page)).rejects.toThrow('403');
  }
  (await terminalAt(door(), origin.url)).terminate();
});

describe('the way to a space', () => {
  it('is straight to its leaf where that can be reached, and says so', async () => {
    const text = await said();
    expect(text).toContain('knot: straight to the leaf of lon');
    expect(text).toContain(`in ${space.id}`);
  });

  it('goes on while the origin is away, and is found again by a grant of before', async () => {
    const open = talk();
    await open.says('before');
    await origin.process.kill();
    await open.says('origin away');
    expect(await said()).toContain('straight to the leaf of lon; the origin is away');
    // also when the leaf has been killed meanwhile
    await leaf.process.kill();
    leaf = await leaf.restart();
    await open.says('both killed');
    await talk().says('anew');
    origin = await origin.restart();
    await agentJoined(origin, space.id);
    await open.says('back');
    const entered = await eventually(
      () =>
        origin.api.request<{ items: { details: object }[] }>('GET', `/audit?subject=${space.id}&action=space.enter`),
      ({ items }) => items.filter(({ details }) => 'grant' in details).length >= 3,
      { ...SOON, what: 'the audit to tell who came by a grant' },
    );
    expect(entered.items[0]).toMatchObject({ actor: 'ada', outcome: 'done', location: 'lon' });
  });

  it('is the same for stock ssh: what is open goes on with the origin killed, and a new connection and a copy come in', async () => {
    const file = desk.file('large', randomBytes(16 * 1024 * 1024));
    const there = join(desk.home, 'large-there');
    const open = desk.start('ssh', ['-F', desk.config, '-o', 'BatchMode=yes', 'knot.work', 'echo in; cat']);
    let heard = '';
    open.stdout.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    const hears = (text: string) => eventually(() => heard.includes(text), Boolean, { ...SOON, what: text });
    await hears('in\n');
    await origin.process.kill();
    open.stdin.write('origin away\n');
    await hears('origin away\n');
    expect(await desk.ssh(['knot.work', 'cat; exit 3'], 'new')).toMatchObject({ code: 3, stdout: 'new' });
    await desk.must(desk.run('scp', ['-F', desk.config, file, `knot.work:${there}`]));
    expect(await sha256Of(there)).toBe(await sha256Of(file));
    origin = await origin.restart();
    await agentJoined(origin, space.id);
    open.stdin.write('back\n');
    await hears('back\n');
    open.kill();
  });

  it('keeps no leaf from stopping in good order, and is found again when that is back', async () => {
    const open = talk();
    await open.says('before');
    expect(await leaf.process.terminate()).toMatchObject({ code: 0 });
    leaf = await leaf.restart();
    await open.says('after');
    open.end();
  });

  it('is cut once what it was given by has ended, and found no more while the origin is away', async () => {
    const open = talk();
    await open.says('still');
    const { items } = await origin.api.request<{ items: { id: string; name: string }[] }>('GET', '/tokens');
    const own = items.find(({ name }) => name !== 'tests');
    await origin.api.request('DELETE', `/tokens/${own?.id}`);
    expect(await open.ended()).not.toBe(0);
    await origin.process.kill();
    const { code } = await desk.knot(['run', 'work', '--', 'true']);
    expect(code).not.toBe(0);
    origin = await origin.restart();
  });

  it('is cut at a leaf that was parted when its proof ended, as soon as it is back', async () => {
    await desk.connect(origin);
    const open = talk();
    await open.says('hello');
    leaf.process.freeze();
    const { items } = await origin.api.request<{ items: { id: string; name: string }[] }>('GET', '/tokens');
    const own = items.find(({ name }) => name !== 'tests');
    await origin.api.request('DELETE', `/tokens/${own?.id}`);
    leaf.process.thaw();
    expect(await open.ended()).not.toBe(0);
  });

  it('is by the origin where another server answers at the address of the leaf, which is told nothing', async () => {
    await desk.connect(origin);
    await leaf.process.kill();
    const { keyFile, certFile } = makeCertificate('IP:127.0.0.1');
    const shown = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
    let [connections, bytes] = [0, 0];
    const impostor = createServer(shown, (socket) => {
      socket.on('error', () => undefined).on('data', (chunk: Buffer) => (bytes += chunk.length));
    });
    impostor.on('connection', () => (connections += 1));
    await once(impostor.listen(0, '127.0.0.1'), 'listening');
    const { port } = impostor.address() as AddressInfo;
    leaf = await leaf.reconfigured({ 'server.direct_url': `https://127.0.0.1:${port}` });
    await locationReady(origin, 'lon', 'local');
    await agentJoined(origin, space.id);
    const text = await eventually(said, (seen) => seen.includes('by the origin') && connections > 0, {
      ...{ ...SOON, timeout: 150_000 },
      what: 'the way by the origin',
    });
    expect(text).toContain(`in ${space.id}`);
    expect(bytes).toBe(0);
    impostor.close();
  }, 240_000);
});
