import { once } from 'node:events';
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { duplexPair } from 'node:stream';
import { decodeStreamMessage, deliver, LONGEST_MESSAGE, streamCarrier, type StreamControl } from '@knot/contract';
import { FrameReader, frameOf, ResumableStream } from '@knot/link/streams';
import ssh2 from 'ssh2';
import { afterEach, expect, it, vi } from 'vitest';
import { serveLeaf } from '../serve.js';
import { Access } from './access.js';
import type { Proof } from './authenticate.js';
import { SshStreams } from './ssh-streams.js';

let leaf: ClientHttp2Session;
let streams: SshStreams;

/** An agent whose people may all enter, and its leaf. */
function serve(proof: Proof): void {
  const access = new Access(() => undefined);
  streams = new SshStreams(access, () => undefined);
  const [agentEnd, leafEnd] = duplexPair();
  void serveLeaf(
    agentEnd,
    new Map([
      ['/access', (stream) => access.follow(stream)],
      ['/ssh', (stream, headers) => streams.serve(stream, headers, proof)],
    ]),
  );
  leaf = connect('http://agent', { createConnection: () => leafEnd });
  const hostKey = Buffer.alloc(32, 7).toString('base64');
  request('/access').write(`${JSON.stringify({ hostKey, people: [{ user: 'ann', keys: [] }] })}\n`);
}

afterEach(() => {
  vi.useRealTimers();
  streams.close();
  leaf.destroy();
});

function request(path: string): ClientHttp2Stream {
  return leaf.request({ ':method': 'POST', ':path': path, 'knot-user': 'ann' }, { endStream: false });
}

interface Come {
  /** What its client closes to go. */
  readonly wire: ClientHttp2Stream;
  readonly answer: Promise<StreamControl>;
}

/** A client, for a stream that it had before, else ''; what else comes for it goes to `end`. */
function come(stream = '', end?: ResumableStream): Come {
  const wire = request('/ssh');
  const carrier = streamCarrier(
    (message) => wire.write(frameOf(message)),
    () => wire.close(),
  );
  carrier.control({ say: 'open', stream, received: end?.received ?? 0 });
  const frames = new FrameReader(LONGEST_MESSAGE);
  const answer = new Promise<StreamControl>((resolve) => {
    wire.on('data', (chunk: Buffer) => {
      for (const frame of frames.take(chunk)) {
        const message = decodeStreamMessage(frame);
        if (message?.kind === 'control' && message.control.say !== 'end') {
          if (message.control.say === 'opened') end?.attach(carrier, message.control.received);
          resolve(message.control);
        } else if (message && end) deliver(message, end);
      }
    });
  });
  wire.once('close', () => end?.detach(carrier));
  return { wire, answer };
}

async function gone({ wire }: Come): Promise<void> {
  wire.close();
  await once(wire, 'close');
  // the agent has heard of it
  await new Promise((resolve) => leaf.ping(resolve));
}

it('takes 128 connections into a space, and another one as one of them goes', async () => {
  serve('key');
  const first = Array.from({ length: 128 }, () => come());
  const answers = await Promise.all(first.map(({ answer }) => answer));
  expect(new Set(answers.map(({ say }) => say))).toEqual(new Set(['opened']));
  const refused = come();
  expect(await refused.answer).toEqual({ say: 'refused', message: '128 connections are open here: close one first.' });
  await once(refused.wire, 'close');
  // nobody waits for one that has not shown who it is
  if (first[0]) await gone(first[0]);
  expect(await come().answer).toMatchObject({ say: 'opened' });
});

it('keeps a connection for ten minutes after its client went, and not a second more', async () => {
  serve('ticket');
  const end = new ResumableStream();
  const here = come('', end);
  const opened = await here.answer;
  if (opened.say !== 'opened') throw new Error(opened.say);
  const ssh = new ssh2.Client();
  ssh.on('error', () => undefined);
  ssh.connect({ sock: end, username: 'ann', authHandler: ['none'] });
  await once(ssh, 'ready');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await gone(here);
  vi.advanceTimersByTime(10 * 60_000 - 1);
  const again = come(opened.stream, end);
  expect(await again.answer).toMatchObject({ say: 'opened', stream: opened.stream });
  // the time begins anew with each loss
  vi.advanceTimersByTime(60_000);
  await gone(again);
  vi.advanceTimersByTime(10 * 60_000 - 1);
  const third = come(opened.stream, end);
  expect(await third.answer).toMatchObject({ say: 'opened' });
  await gone(third);
  vi.advanceTimersByTime(10 * 60_000);
  expect(await come(opened.stream).answer).toEqual({ say: 'refused', message: 'This connection has ended.' });
});
