import { decodeStreamMessage, deliver, streamCarrier, type StreamAction, type StreamControl } from '@knot/contract';
import { ResumableStream } from '@knot/link/streams';
import { isKnotError, KnotError } from '@knot/shared/errors';
import { WebSocket } from 'ws';
import type { Client } from '../client/open-client.js';
import { openWay } from '../ways/open-way.js';

/** How long a stream outlives its connection, ms; the agent keeps it as long. */
const AWAY_MS = 10 * 60_000;
const OPEN_MS = 20_000;
const LONGEST_PAUSE_MS = 5_000;
const PING_EVERY_MS = 5_000;
const PING_MS = 15_000;
/** What may change by itself while nobody is asked: everything else is a refusal. */
const PASSING = new Set(['server.unavailable', 'store.unavailable', 'store.conflict', 'location.unavailable']);

export interface SpaceStream {
  readonly stream: ResumableStream;
  /** What the space shows as its host key: `type base64`. */
  readonly hostKey: string;
}

/**
 * A stream to the SSH of a space, along whatever way there is. It outlives each connection by ten minutes; what ends it
 * for good is the stream's error.
 */
export async function openSpaceStream(client: Client, space: string, action: StreamAction): Promise<SpaceStream> {
  const way = new Way(client, space, action);
  // the first time a person is told at once why it does not go
  const hostKey = await way.connect();
  void way.keep();
  return { stream: way.stream, hostKey };
}

class Way {
  readonly stream = new ResumableStream();
  private readonly over = new Promise<void>((resolve) => this.stream.once('close', resolve));
  private id = '';
  private socket: WebSocket | null = null;
  private by = '';

  constructor(
    private readonly client: Client,
    private readonly space: string,
    private readonly action: StreamAction,
  ) {}

  /** Connects again whenever the connection is lost. */
  async keep(): Promise<void> {
    const { clock, stderr, random } = this.client.context;
    while (!this.stream.destroyed) {
      await this.lost();
      const since = clock.now();
      for (let failures = 0; !this.stream.destroyed && !this.stream.isCarried; failures += 1) {
        if (failures === 1) stderr.write('knot: the connection is lost; it is made again\n');
        try {
          await this.connect();
        } catch (error) {
          const passing = error instanceof KnotError && PASSING.has(error.code);
          if (!passing || clock.now() - since > AWAY_MS) return void this.stream.destroy(asError(error));
          const longest = Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures);
          await new Promise<void>((resolve) => clock.setTimeout(resolve, longest * (0.5 + (random(1)[0] ?? 0) / 512)));
        }
      }
    }
  }

  /** With a ticket of its own, as each connection has. Throws `server.unavailable` where trying again may help. */
  async connect(): Promise<string> {
    const { socket, hostKey, by, keep } = await openWay(this.client, this.space, this.action);
    const { screen, stderr } = this.client.context;
    if (by !== this.by && screen.isRead) stderr.write(`knot: ${by}\n`);
    this.by = by;
    this.socket = socket;
    await this.opened(socket);
    await keep();
    return hostKey;
  }

  /** Resolves once the agent has taken the stream up. */
  private opened(socket: WebSocket): Promise<void> {
    const carrier = streamCarrier(
      (message) => socket.readyState === WebSocket.OPEN && socket.send(message),
      () => socket.close(),
    );
    const late = setTimeout(() => socket.terminate(), OPEN_MS);
    let beat: NodeJS.Timeout | undefined;
    let heard = Date.now();
    return new Promise((resolve, reject) => {
      carrier.control({ say: 'open', stream: this.id, received: this.stream.received });
      beat = setInterval(() => {
        if (Date.now() - heard > PING_MS) socket.terminate();
        else socket.ping();
      }, PING_EVERY_MS);
      socket.on('pong', () => (heard = Date.now()));
      socket.on('message', (data) => {
        heard = Date.now();
        const message = Buffer.isBuffer(data) ? decodeStreamMessage(data) : null;
        if (!message) return socket.terminate();
        if (message.kind !== 'control') return deliver(message, this.stream);
        const said: StreamControl = message.control;
        switch (said.say) {
          case 'opened':
            clearTimeout(late);
            this.id = said.stream;
            try {
              this.stream.attach(carrier, said.received);
              return resolve();
            } catch (error) {
              return reject(asError(error));
            }
          case 'refused':
            socket.close();
            return reject(new KnotError('state.refused', said.message));
          default:
            return deliver(message, this.stream);
        }
      });
      socket.on('error', (error) => reject(unavailable(error.message)));
      socket.once('close', () => {
        clearTimeout(late);
        clearInterval(beat);
        this.stream.detach(carrier);
        reject(unavailable('the connection was closed'));
      });
    });
  }

  private lost(): Promise<void> {
    const { stream, socket, over } = this;
    return new Promise((resolve) => {
      if (!stream.isCarried || stream.destroyed) return resolve();
      socket?.once('close', () => resolve());
      void over.then(resolve);
    });
  }
}

function unavailable(why: string): KnotError {
  return new KnotError('server.unavailable', `There is no way into the space at the moment: ${why}.`, 'Try again.');
}

function asError(error: unknown): Error {
  return isKnotError(error) || error instanceof Error ? error : new Error(String(error));
}
