import { create } from '@bufbuild/protobuf';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sync } from '@knot/contract';
import { createGrpcServer, listenOnePort, openGrpcClient, serviceDefinition, unary, type OnePort } from '@knot/link';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freshFolder } from '../tools/processes.js';

const SENTENCE = 'This leaf (0.1.0) is too old for the origin: install knot 9.0.0 here.';

let origin: Origin;
let newer: OnePort;

beforeAll(async () => {
  origin = await startOrigin();
  newer = await originOfAnotherVersion();
});

afterAll(() => newer.close(0));

/** An origin that greets a leaf with the version to install and serves it nothing else. */
function originOfAnotherVersion(): Promise<OnePort> {
  const grpc = createGrpcServer();
  const supported = { min: 8, max: 9 };
  const hello = unary(async () =>
    create(sync.HelloResponseSchema, { protocol: 0, supported, programVersion: '9.0.0', message: SENTENCE }),
  );
  grpc.addService(serviceDefinition(sync.Sync), { hello });
  return listenOnePort({ host: '127.0.0.1', port: 0, tls: null, web: http.createServer(), grpc });
}

async function greet(protocol: { min: number; max: number }, programVersion: string): Promise<sync.HelloResponse> {
  const { hostname, port } = new URL(origin.url);
  const client = await openGrpcClient({ host: hostname, port: Number(port), tls: false, ca: '', fingerprint: '' });
  const call = { signal: AbortSignal.timeout(10_000), deadlineMs: 5_000, credential: '' };
  const request = create(sync.HelloRequestSchema, { protocol, programVersion });
  return client.unary(sync.Sync.method.hello, request, call).finally(() => client.close());
}

describe('an origin that meets a leaf of another version', () => {
  it('tells a newer and an older one which version to install', async () => {
    const newest = await greet({ min: 8, max: 9 }, '9.0.0');
    expect(newest.protocol).toBe(0);
    expect(newest.message).toBe(
      `This leaf (9.0.0) is newer than the origin (${newest.programVersion}): upgrade the origin, or install knot ${newest.programVersion} here.`,
    );
    const oldest = await greet({ min: 0, max: 0 }, '0.0.1');
    expect(oldest.protocol).toBe(0);
    expect(oldest.message).toBe(
      `This leaf (0.0.1) is too old for the origin: install knot ${oldest.programVersion} here.`,
    );
  });

  it('agrees with one that speaks its version among others', async () => {
    expect(await greet({ min: 1, max: 9 }, '9.0.0')).toMatchObject({ protocol: 1, message: '' });
  });
});

describe('a leaf that meets an origin of another version', () => {
  it('stays up, says what to install, and goes on healing its spaces from disk', async () => {
    let leaf = await startLeaf(origin, { location: 'lon', local: true });
    await locationReady(origin, 'lon', 'local');
    const starts = join(freshFolder('starts'), 'starts');
    const job = `command: [sh, "-c", "echo started >> ${starts}; exec sleep 1000"]`;
    const template = await origin.api.createTemplate({ name: 'counting', platform: 'local', job });
    const space = await origin.api.createSpace('kept', template.id, 'lon');
    await origin.api.wish(space.id, 'start');
    const { instance } = await origin.api.phase(space.id, 'Running');

    await leaf.process.terminate();
    leaf = await leaf.reconfigured({ 'server.origin_server': `http://127.0.0.1:${newer.port}` });
    await leaf.process.waitForLine(/the origin is not followed: This leaf \(0\.1\.0\) is too old/);
    expect(await (await fetch(`${leaf.url}/health`)).text()).toContain(SENTENCE);
    process.kill(-Number.parseInt(instance, 10), 'SIGKILL');
    await eventually(
      () => readFileSync(starts, 'utf8'),
      (text) => text === 'started\nstarted\n',
      { timeout: 30_000, what: 'the space to be put back' },
    );
    expect(leaf.process.isRunning()).toBe(true);

    await leaf.process.terminate();
    await leaf.reconfigured({ 'server.origin_server': origin.url });
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped');
  });
});
