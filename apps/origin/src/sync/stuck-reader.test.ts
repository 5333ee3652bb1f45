import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import http from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createGrpcServer,
  listenOnePort,
  openGrpcClient,
  serviceDefinition,
  streaming,
  type GrpcClient,
  type OnePort,
} from '@knot/link';

const STUCK_MS = 300;

let port: OnePort;
let client: GrpcClient;
let made = 0;
let stuck = 0;
let ended: Promise<void>;

/** Changes without end, each of 40 kB. */
async function* flood(signal: AbortSignal, end: () => void): AsyncGenerator<sync.WatchResponse> {
  try {
    for (made = 0; !signal.aborted; made++) yield message('x'.repeat(40_000));
  } finally {
    end();
  }
}

function message(id: string): sync.WatchResponse {
  const value = create(sync.ChangesSchema, { deletes: [{ id }] });
  return create(sync.WatchResponseSchema, { event: { case: 'changes', value } });
}

beforeEach(async () => {
  stuck = 0;
  const grpc = createGrpcServer();
  const over = Promise.withResolvers<void>();
  ended = over.promise;
  const watch = streaming<sync.WatchRequest>((_request, { signal }) => flood(signal, over.resolve), {
    stuckMs: STUCK_MS,
    onStuck: () => stuck++,
  });
  grpc.addService(serviceDefinition(sync.Sync), { watch });
  port = await listenOnePort({ host: '127.0.0.1', port: 0, tls: null, web: http.createServer(), grpc });
  client = await openGrpcClient({ host: '127.0.0.1', port: port.port, tls: false, ca: '', fingerprint: '' });
});

afterEach(async () => {
  client.close();
  await port.close(0);
});

const watching = () =>
  client.stream(sync.Sync.method.watch, create(sync.WatchRequestSchema), {
    signal: AbortSignal.timeout(10_000),
    credential: '',
  });

describe('a server stream', () => {
  it('makes no more messages than its reader takes, and cuts a reader that takes none', async () => {
    const stream = watching();
    await stream.next();
    await ended;
    expect(stuck).toBe(1);
    // What the reader's windows hold, not what could have been made meanwhile.
    expect(made).toBeLessThan(20);
    const rest = (async () => {
      for await (const _taken of stream);
    })();
    await expect(rest).rejects.toMatchObject({ code: 'server.unavailable' });
  });

  it('goes on as long as its reader takes something now and then', async () => {
    const stream = watching();
    for (let taken = 0; taken < 30; taken++) {
      await stream.next();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(stuck).toBe(0);
    await stream.return(undefined);
    await ended;
  });
});
