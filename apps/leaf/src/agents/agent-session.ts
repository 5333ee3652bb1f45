import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { parseAgentReport, type AgentReport } from '@knot/contract';
import type { Clock, ClockTimer } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';

const PING_EVERY_MS = 15_000;
const PING_MS = 10_000;
/** Per stream; a reader that takes nothing holds this much and no other stream. */
const WINDOW = 512 * 1024;

export interface AgentSessionHooks {
  readonly onEnd: (session: AgentSession) => void;
  /** What it offers has changed. */
  readonly onPorts: (session: AgentSession) => void;
}

/** One agent that has joined: HTTP/2 over the connection that it dialled, with this leaf as the client. */
export class AgentSession {
  /** What it last said; null before. */
  private report: AgentReport | null = null;
  private readonly http2: ClientHttp2Session;
  private timer: ClockTimer | null = null;
  private over = false;

  constructor(
    readonly space: string,
    readonly instance: string,
    /** The snapshot's hash of the start it belongs to. */
    readonly start: string,
    private readonly socket: Socket,
    private readonly clock: Clock,
    private readonly hooks: AgentSessionHooks,
  ) {
    this.http2 = connect('http://agent', {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: WINDOW },
      peerMaxConcurrentStreams: 1_000,
    });
    this.http2.on('error', () => this.close());
    this.http2.once('close', () => this.close());
    socket.once('close', () => this.close());
    this.keepAlive();
    this.followReports();
  }

  /** What something listens on in the space, as it last said. */
  get ports(): AgentReport['ports'] {
    return this.report?.ports ?? [];
  }

  /** A stream to the agent. Throws `server.unavailable` once the session has ended. */
  open(path: string, headers: Readonly<Record<string, string>> = {}): ClientHttp2Stream {
    if (this.over || this.http2.closed) {
      throw new KnotError(
        'server.unavailable',
        'The agent of this space is not connected.',
        'It comes back by itself.',
      );
    }
    return this.http2.request({ ...headers, ':method': 'POST', ':path': path }, { endStream: false });
  }

  /** Whether it answers in time. */
  answers(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.clock.setTimeout(() => resolve(false), ms);
      const done = (answered: boolean) => {
        this.clock.clearTimeout(timer);
        resolve(answered);
      };
      if (this.over || !this.http2.ping((error) => done(error === null))) done(false);
    });
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    if (this.timer) this.clock.clearTimeout(this.timer);
    this.http2.destroy();
    this.socket.destroy();
    this.hooks.onEnd(this);
  }

  private keepAlive(): void {
    this.timer = this.clock.setTimeout(() => {
      void this.answers(PING_MS).then((answered) => {
        if (this.over) return;
        if (answered) this.keepAlive();
        else this.close();
      });
    }, PING_EVERY_MS);
  }

  private followReports(): void {
    const stream = this.open('/report');
    stream.on('error', () => undefined);
    const lines = createInterface({ input: stream });
    // it tells the stream's error once more, and a connection that is reset must not end this process
    lines.on('error', () => undefined);
    lines.on('line', (line) => {
      const before = JSON.stringify(this.ports);
      this.report = parseAgentReport(line) ?? this.report;
      if (JSON.stringify(this.ports) !== before) this.hooks.onPorts(this);
    });
  }
}
