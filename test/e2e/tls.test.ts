import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiProblem } from '../tools/api-client.js';
import { locationReady, ownCertificateFile, scaffold, startLeaf, startOrigin, SHARED_TOKEN } from '../tools/cluster.js';
import type { Leaf, Origin } from '../tools/cluster.js';
import { always, eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder, runKnot } from '../tools/processes.js';

let origin: Origin;
let fingerprint: string;
const stranger = createServer((_request, response) => response.end('I am no origin'));

beforeAll(async () => {
  origin = await startOrigin({ tls: true });
  const line = await origin.process.waitForLine(/origin_fingerprint/);
  fingerprint = /"origin_fingerprint":"([0-9A-F:]{95})"/.exec(line)?.[1] ?? '';
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
});

afterAll(() => stranger.close());

function leafOf(location: string, config: Record<string, unknown> = {}): Promise<Leaf> {
  return startLeaf(origin, { location, local: true, config });
}

/** What the leaf's health page says, once it says why it does not follow its origin. */
async function trouble(leaf: Leaf): Promise<string> {
  const look = async () => (await fetch(`${leaf.url}/health`)).text();
  const health = await eventually(
    look,
    (text) => text.includes('origin_server') || text.includes('origin_fingerprint'),
  );
  await leaf.process.waitForLine(/the origin is not followed: /);
  expect(leaf.process.isRunning()).toBe(true);
  return health;
}

const isKnown = (location: string) =>
  origin.api.location(location).then(
    () => true,
    (error: unknown) => {
      if (error instanceof ApiProblem && error.status === 404) return false;
      throw error;
    },
  );

describe('an origin with a certificate of its own', () => {
  it('is followed by a leaf that names its fingerprint', async () => {
    await leafOf('pinned', { 'server.origin_fingerprint': fingerprint });
    await locationReady(origin, 'pinned', 'local');
  });

  it('is followed by a leaf that names its certificate as a file', async () => {
    await leafOf('file', { 'server.origin_ca_file': ownCertificateFile(origin.process) });
    await locationReady(origin, 'file', 'local');
  });

  it('is refused by a leaf with another fingerprint, which says the one it saw and stays up', async () => {
    const leaf = await leafOf('wrong', { 'server.origin_fingerprint': 'AB:'.repeat(31) + 'AB' });
    const said = await trouble(leaf);
    expect(said).toContain('is not the one in server.origin_fingerprint');
    expect(said).toContain(fingerprint);
    expect(await isKnown('wrong')).toBe(false);
  });

  it('is refused by a leaf that has no reason to trust it, with what to do', async () => {
    const said = await trouble(await leafOf('naive'));
    expect(said).toMatch(/The certificate of 127\.0\.0\.1:\d+ is not trusted\. Set server\.origin_fingerprint to/);
    expect(await isKnown('naive')).toBe(false);
  });

  it.each(['h2', 'http/1.1'])('speaks %s on its one port', async (protocol) => {
    const { hostname, port } = new URL(origin.url);
    const socket = connect({ host: hostname, port: Number(port), ALPNProtocols: [protocol] });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    expect([socket.alpnProtocol, socket.authorized]).toEqual([protocol, true]);
    socket.destroy();
  });
});

describe('an address that is no knot origin', () => {
  it('is told apart, and the leaf stays up', async () => {
    const address = stranger.address();
    const web = typeof address === 'object' ? address?.port : undefined;
    const closed = await freePort();
    const wrongScheme = origin.url.replace('https:', 'http:');
    const leafAt = (location: string, url: string) => startLeaf({ url }, { location, local: true });
    const leaves = await Promise.all([
      leafAt('web', `http://127.0.0.1:${web}`),
      leafAt('closed', `http://127.0.0.1:${closed}`),
      leafAt('scheme', wrongScheme),
      leafAt('tls', `https://127.0.0.1:${web}`),
    ]);
    const said = await Promise.all(leaves.map(trouble));
    expect(said[0]).toMatch(/answers, but not as a knot origin\. Check server\.origin_server/);
    expect(said[1]).toContain(`Nothing listens at 127.0.0.1:${closed}.`);
    expect(said[2]).toMatch(
      /closes them without a word of a knot origin\. Check server\.origin_server: http:\/\/ or https:/,
    );
    expect(said[3]).toMatch(/does not speak TLS\. If the origin listens without TLS/);
    // However often they try, they say the same once.
    const told = () => leaves.map(({ process }) => process.output().split('the origin is not followed').length - 1);
    await always(told, (times) => times.every((count) => count === 1), { timeout: 2_000, what: 'one line each' });
  });
});

describe('plaintext to and from other machines', () => {
  async function refusal(keys: Record<string, unknown>): Promise<string> {
    const folder = freshFolder('plain');
    const file = join(folder, 'knot.yaml');
    writeFileSync(file, await scaffold({ 'server.shared_token': SHARED_TOKEN, 'server.location': 'lon', ...keys }));
    const { code, output } = await runKnot(['server', '--config', file], { folder });
    expect(code).not.toBe(0);
    return output;
  }

  it('is refused at a leaf', async () => {
    const said = await refusal({ 'server.origin_server': 'http://192.0.2.1:3000' });
    expect(said).toContain('server.origin_server');
    expect(said).toMatch(/tokens would cross the network in clear.*allow_plaintext/s);
  });

  it('is refused at an origin', async () => {
    const said = await refusal({
      'server.listen': `http://0.0.0.0:${await freePort()}`,
      'server.url': 'http://a.test',
    });
    expect(said).toContain('server.listen');
    expect(said).toMatch(/without TLS is open to other machines.*allow_plaintext/s);
  });
});
