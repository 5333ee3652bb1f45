import type { ClientHttp2Stream } from 'node:http2';
import { FrameReader, frameOf } from '@knot/link';
import { LONGEST_MESSAGE } from '@knot/contract';
import type { WebSocket } from 'ws';

/** Told to a window whose agent has gone: it comes back with a new ticket. */
const AGENT_AWAY = 1012;
/** Messages that wait for a slow window before its agent's stream is paused, bytes. */
const MOST_WAITING = 1024 * 1024;

/** Hands messages on both ways, each as one frame of a stream of the agent; reads nothing of them. */
export function joinAgentStream(window: WebSocket, stream: ClientHttp2Stream): void {
  const frames = new FrameReader(LONGEST_MESSAGE);
  const end = () => {
    window.close(AGENT_AWAY);
    stream.close();
    // one that does not answer the farewell is cut
    setTimeout(() => window.terminate(), 5_000).unref();
  };
  stream.on('data', (chunk: Buffer) => {
    try {
      for (const frame of frames.take(chunk))
        window.send(frame, () => window.bufferedAmount < MOST_WAITING && stream.resume());
    } catch {
      return end();
    }
    if (window.bufferedAmount > MOST_WAITING) stream.pause();
  });
  stream.once('close', end);
  stream.on('error', end);
  window.on('message', (data, isBinary) => {
    if (!isBinary || !Buffer.isBuffer(data)) return end();
    if (!stream.write(frameOf(data))) {
      window.pause();
      stream.once('drain', () => window.resume());
    }
  });
  window.on('error', () => window.terminate());
  window.once('close', () => stream.close());
}
