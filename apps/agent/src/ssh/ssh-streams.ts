import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import {
  decodeStreamMessage,
  deliver,
  LONGEST_MESSAGE,
  streamCarrier,
  type StreamControl,
  type StreamMessage,
} from '@knot/contract';
import { FrameReader, frameOf, ResumableStream } from '@knot/link/streams';
import { farewell } from '../farewell.js';
import type { Access } from './access.js';
import type { Proof } from './authenticate.js';
import { openSshHostKey } from './host-key.js';
import { sftpProgram } from './sftp/sftp-program.js';
import type { SshConnection } from './ssh-connection.js';

/** How long a connection of SSH waits for its client to come back, ms. */
const AWAY_MS = 10 * 60_000;
const MOST = 128;

interface Entry {
  readonly id: string;
  readonly user: string;
  readonly stream: ResumableStream;
  readonly connection: SshConnection;
  /** Whether the user was among those who may enter as they came: then they go as they no longer are. */
  readonly listed: boolean;
  away: NodeJS.Timeout | null;
}

type Carrier = ReturnType<typeof streamCarrier>;

/** The connections of SSH into a space. Each outlives the streams of the leaf that carry it. */
export class SshStreams {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly access: Access,
    private readonly onActive: () => void,
  ) {}

  /** A stream of a client; the leaf has checked the ticket, and whose it is. */
  serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, proof: Proof): void {
    const user = String(headers['knot-user'] ?? '');
    stream.respond({ ':status': 200 });
    const frames = new FrameReader(LONGEST_MESSAGE);
    const carrier = streamCarrier(
      (message) => stream.writable && stream.write(frameOf(message)),
      () => farewell(stream),
    );
    let entry: Entry | null = null;
    let turn = Promise.resolve();
    const take = async (message: StreamMessage) => {
      if (entry) deliver(message, entry.stream);
      else if (message.kind === 'control') entry = await this.open(carrier, user, proof, message.control);
    };
    stream.on('data', (chunk: Buffer) => {
      this.onActive();
      try {
        for (const frame of frames.take(chunk)) {
          const message = decodeStreamMessage(frame);
          if (!message) throw new Error('This is no message of SSH.');
          if (entry) deliver(message, entry.stream);
          else turn = turn.then(() => take(message)).catch((error: unknown) => refuse(carrier, error));
        }
      } catch (error) {
        refuse(carrier, error);
      }
    });
    // in turn: a client may go while its connection is being made
    stream.once('close', () => void turn.then(() => entry && this.left(entry, carrier)));
  }

  /** Cuts whoever may no longer be here. */
  review(): void {
    for (const { user, listed, stream, connection } of this.entries.values()) {
      const { shown } = connection;
      const keyGone = shown !== null && shown !== '' && !this.access.keysOf(user).includes(shown);
      if (keyGone || (listed && !this.access.isListed(user))) stream.destroy();
    }
  }

  close(): void {
    for (const { stream } of this.entries.values()) stream.destroy();
  }

  private async open(carrier: Carrier, user: string, proof: Proof, control: StreamControl): Promise<Entry> {
    if (control.say !== 'open') throw new Error('A client opens a stream first.');
    const entry = control.stream === '' ? await this.create(user, proof) : this.entries.get(control.stream);
    if (entry?.user !== user) throw new Error('This connection has ended.');
    const { id: stream } = entry;
    carrier.control({ say: 'opened', stream, received: entry.stream.received });
    // throws for a client that is elsewhere: the connection goes on waiting, and no longer than before
    entry.stream.attach(carrier, control.received);
    if (entry.away) clearTimeout(entry.away);
    entry.away = null;
    return entry;
  }

  private async create(user: string, proof: Proof): Promise<Entry> {
    // SSH is read once somebody comes: an agent that nobody uses holds 3 MB less
    const [access, { SshConnection: Connection }] = await Promise.all([
      this.access.known(),
      import('./ssh-connection.js'),
    ]);
    const seed = Buffer.from(access?.hostKey ?? '', 'base64');
    if (seed.length !== 32) throw new Error('This start of the space has no host key: restart the space.');
    if (this.entries.size >= MOST) throw new Error(`${MOST} connections are open here: close one first.`);
    const stream = new ResumableStream();
    stream.on('error', () => undefined);
    const connection = new Connection(stream, {
      hostKey: openSshHostKey(seed),
      proof,
      keys: () => this.access.keysOf(user),
      sftpProgram: sftpProgram(),
      shell: () => this.access.shell,
    });
    const entry = { id: randomUUID(), user, stream, connection, listed: this.access.isListed(user), away: null };
    this.entries.set(entry.id, entry);
    stream.once('close', () => this.entries.delete(entry.id));
    return entry;
  }

  /** The client's connection is lost. One that has not shown who it is does not come back. */
  private left(entry: Entry, carrier: Carrier): void {
    entry.stream.detach(carrier);
    if (entry.stream.isCarried || entry.stream.destroyed) return;
    if (entry.connection.shown === null) entry.stream.destroy();
    else entry.away = setTimeout(() => entry.stream.destroy(), AWAY_MS);
  }
}

function refuse(carrier: Carrier, error: unknown): void {
  carrier.control({ say: 'refused', message: error instanceof Error ? error.message : String(error) });
  carrier.close();
}
