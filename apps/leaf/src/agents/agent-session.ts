import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { parseAgentReport, type AgentAccess, type AgentReport } from '@knot/contract';
import { LineReader, WIDE, widen } from '@knot/link';
import type { Clock, ClockTimer } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import { Unasked } from './unasked.js';

const PING_EVERY_MS = 15_000;
const PING_MS = 10_000;
/** Ports may be shared with more than the members: those who let people in, there and at the origin, cut them too. */
const PORT_PATH = '/port';
/** Per stream; a reader that takes nothing holds this much and no other stream. */
const WINDOW = 512 * 1024;
const ACTIVE_STEP_MS = 5 * 60_000;
/** Characters of a report, whose ports, scripts and their names are bounded. */
const LONGEST_REPORT = 64 * 1024;
/** What changes more often is told at this pace: each time its space is looked at. ms */
const NEWS_MS = 1_000;

export interface AgentSessionHooks {
  readonly onEnd: (session: AgentSession) => void;
  /** What people are told of it has changed. */
  readonly onNews: (session: AgentSession) => void;
}

/** One agent that has joined: HTTP/2 over the connection that it dialled, with this leaf as the client. */
export class AgentSession {
  /** What it last said; null before. */
  private report: AgentReport | null = null;
  private readonly http2: ClientHttp2Session;
  private readonly access: ClientHttp2Stream;
  private told = '';
  private timer: ClockTimer | null = null;
  private over = false;
  private readonly unasked = new Unasked();
  /** Streams that somebody has open, and whether there were any since the last look. */
  private asked = 0;
  private wasAsked = false;
  /** Pings and settings that came. */
  private frames = 0;
  private newsAt = -Infinity;
  private newsTimer: ClockTimer | null = null;
  private toldNews = this.news();
  /** What members alone have open, with the id of the user. */
  private readonly opened = new Map<ClientHttp2Stream, string>();
  private members: readonly string[] = [];
  /** Those who were members, and when this was heard of, by the origin's clock. */
  private readonly left = new Map<string, number>();

  constructor(
    readonly space: string,
    readonly instance: string,
    /** The snapshot's hash of the start it belongs to. */
    readonly start: string,
    private readonly socket: Socket,
    private readonly clock: Clock,
    private readonly hooks: AgentSessionHooks,
  ) {
    this.http2 = widen(
      connect('http://agent', {
        createConnection: () => socket,
        settings: { enablePush: false, initialWindowSize: WINDOW },
        peerMaxConcurrentStreams: 1_000,
        ...WIDE,
      }),
      socket,
    );
    this.http2.on('error', () => this.close());
    this.http2.once('close', () => this.close());
    for (const one of ['ping', 'remoteSettings']) this.http2.on(one, () => (this.frames += 1));
    socket.once('close', () => this.close());
    this.access = this.request('/access');
    this.access.on('error', () => undefined);
    this.keepAlive();
    this.followReports();
  }

  /** What something listens on in the space, as it last said. */
  get ports(): AgentReport['ports'] {
    return this.report?.ports ?? [];
  }

  /** Where VS Code opens the space in the browser; '' where it does not. */
  get tunnel(): string {
    return this.report?.tunnel ?? '';
  }

  get scripts(): AgentReport['scripts'] {
    return this.report?.scripts ?? [];
  }

  /** When somebody last did something, in steps, so that it is no news at every key; 0: nobody. */
  get activeAt(): number {
    return Math.floor((this.report?.activeAt ?? 0) / ACTIVE_STEP_MS) * ACTIVE_STEP_MS;
  }

  /** Who may enter; what it has heard already is not said again. */
  tellAccess(access: AgentAccess): void {
    const line = `${JSON.stringify(access)}\n`;
    if (line === this.told || this.over || !this.access.writable) return;
    this.told = line;
    this.access.write(line);
  }

  /**
   * A stream to the agent, for the user that the header `knot-user` names; `given`: when their ticket was given, by the
   * origin's clock. Throws `server.unavailable` once the session has ended, `access.denied` for somebody who has lost the
   * space since.
   */
  open(path: string, headers: Readonly<Record<string, string>> = {}, given = Infinity): ClientHttp2Stream {
    if (this.over || this.http2.closed || this.http2.destroyed) {
      throw new KnotError(
        'server.unavailable',
        'The agent of this space is not connected.',
        'It comes back by itself.',
      );
    }
    const user = path === PORT_PATH ? undefined : headers['knot-user'];
    if (user !== undefined && given <= (this.left.get(user) ?? -Infinity)) {
      throw new KnotError('access.denied', 'The space is no longer shared with you.', 'Ask its owner.');
    }
    const stream = this.request(path, headers);
    this.asked += 1;
    this.wasAsked = true;
    stream.once('close', () => (this.asked -= 1));
    if (user !== undefined) {
      this.opened.set(stream, user);
      stream.once('close', () => this.opened.delete(stream));
    }
    return stream;
  }

  /** Ends what those have open who were members before and are no more. `now`: by the origin's clock. */
  keepTo(members: readonly string[], now: number): void {
    for (const id of this.members) if (!members.includes(id)) this.left.set(id, now);
    for (const id of members) this.left.delete(id);
    this.members = members;
    for (const [stream, user] of this.opened) if (this.left.has(user)) stream.close();
  }

  /** Whether it has sent so much unasked that it is to go. To be called every so many seconds. */
  isNoisy(seconds: number): boolean {
    const asked = this.wasAsked || this.asked > 0;
    this.wasAsked = this.asked > 0;
    return this.unasked.look({ bytes: this.socket.bytesRead, told: this.frames }, seconds, asked);
  }

  /** Whether it answers in time. */
  answers(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.clock.setTimeout(() => resolve(false), ms);
      const done = (answered: boolean) => {
        this.clock.clearTimeout(timer);
        resolve(answered);
      };
      // one that has said farewell and holds its connection open: a ping would throw
      if (this.over || this.http2.destroyed || !this.http2.ping((error) => done(error === null))) done(false);
    });
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    for (const timer of [this.timer, this.newsTimer]) if (timer) this.clock.clearTimeout(timer);
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

  private request(path: string, headers: Readonly<Record<string, string>> = {}): ClientHttp2Stream {
    return this.http2.request({ ...headers, ':method': 'POST', ':path': path }, { endStream: false });
  }

  private followReports(): void {
    const stream = this.request('/report');
    stream.on('error', () => undefined);
    const lines = new LineReader(LONGEST_REPORT);
    stream.on('data', (chunk: Buffer) => {
      try {
        // each says all: what came before it at once is old
        const line = lines.take(chunk).at(-1);
        if (line === undefined) return;
        this.report = parseAgentReport(line) ?? this.report;
        this.tellNews();
      } catch {
        this.close();
      }
    });
  }

  /** At once, and then as often as it may be. */
  private tellNews(): void {
    if (this.newsTimer || this.over || this.news() === this.toldNews) return;
    const pause = this.newsAt + NEWS_MS - this.clock.monotonic();
    if (pause > 0) {
      this.newsTimer = this.clock.setTimeout(() => {
        this.newsTimer = null;
        this.tellNews();
      }, pause);
      return;
    }
    this.newsAt = this.clock.monotonic();
    this.toldNews = this.news();
    this.hooks.onNews(this);
  }

  private news(): string {
    return JSON.stringify([this.ports, this.tunnel, this.scripts, this.activeAt]);
  }
}
