import { once } from 'node:events';
import { connect, type ClientHttp2Stream } from 'node:http2';
import { duplexPair } from 'node:stream';
import { decodeStreamMessage, LONGEST_MESSAGE, streamCarrier, type StreamControl } from '@knot/contract';
import { FrameReader, frameOf } from '@knot/link/streams';
import { expect, it } from 'vitest';
import { serveLeaf } from '../serve.js';
import { Access } from './access.js';
import { SshStreams } from './ssh-streams.js';

it('takes 128 connections into a space, and another one as one of them goes', async () => {
  const access = new Access(() => undefined);
  const streams = new SshStreams(access, () => undefined);
  const [agentEnd, leafEnd] = duplexPair();
  void serveLeaf(
    agentEnd,
    new Map([
      ['/access', (stream) => access.follow(stream)],
      ['/ssh', (stream, headers) => streams.serve(stream, headers, 'key')],
    ]),
  );
  const leaf = connect('http://agent', { createConnection: () => leafEnd });
  const request = (path: string) =>
    leaf.request({ ':method': 'POST', ':path': path, 'knot-user': 'ann' }, { endStream: false });
  const come = (): [ClientHttp2Stream, Promise<StreamControl>] => {
    const stream = request('/ssh');
    const carrier = streamCarrier(
      (message) => stream.write(frameOf(message)),
      () => stream.close(),
    );
    carrier.control({ say: 'open', stream: '', received: 0 });
    const frames = new FrameReader(LONGEST_MESSAGE);
    const answer = new Promise<StreamControl>((resolve) => {
      stream.on('data', (chunk: Buffer) => {
        for (const frame of frames.take(chunk)) {
          const message = decodeStreamMessage(frame);
          if (message?.kind === 'control') resolve(message.control);
        }
      });
    });
    return [stream, answer];
  };
  try {
    const hostKey = Buffer.alloc(32, 7).toString('base64');
    request('/access').write(`${JSON.stringify({ hostKey, people: [{ user: 'ann', keys: [] }] })}\n`);
    const first = Array.from({ length: 128 }, come);
    const answers = await Promise.all(first.map(([, answer]) => answer));
    expect(new Set(answers.map(({ say }) => say))).toEqual(new Set(['opened']));
    const [refused, reason] = come();
    expect(await reason).toEqual({ say: 'refused', message: '128 connections are open here: close one first.' });
    await once(refused, 'close');
    // nobody waits for one that has not shown who it is
    first[0]?.[0].close();
    await once(first[0]?.[0] ?? refused, 'close');
    expect(await come()[1]).toMatchObject({ say: 'opened' });
  } finally {
    streams.close();
    leaf.destroy();
  }
});
