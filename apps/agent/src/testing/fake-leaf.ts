import { once } from 'node:events';
import { connect, type ClientHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { AGENT_SERVER_NAME, LONGEST_JOIN_LINE } from '@knot/contract';
import { createAgentCa, readLine, requestListener, signListener, writeAll } from '@knot/link';

/** Where it breaks off while an agent joins. */
export const BREAKS = [
  'before TLS',
  'after TLS',
  'after the join',
  'in the answer',
  'after the answer',
  'before HTTP/2',
  'with a stream opened',
  'with a stream given up',
] as const;

/** `silent`: it says nothing from the join on. */
export type Break = (typeof BREAKS)[number] | 'silent';

/** What is above TLS, and the connection beneath it. */
interface Met {
  readonly socket: TLSSocket;
  readonly wire: Socket;
}

/** Meets an agent as a leaf does, and breaks off where it is told to. */
export class FakeLeaf {
  /** The next one breaks off there, and those after it are taken. */
  next: Break | 'never' = 'never';
  /** At which it has broken off. */
  readonly broken: Break[] = [];
  private session: ClientHttp2Session | null = null;
  private waiting: ((session: ClientHttp2Session) => void) | null = null;
  private wire: Socket | null = null;

  private constructor(
    private readonly server: Server,
    /** PEM of the CA that its agents trust. */
    readonly ca: string,
  ) {
    const wires = new Map<string, Socket>();
    server.on('connection', (wire: Socket) => {
      wire.on('error', () => undefined);
      if (this.next === 'before TLS') return this.breakOff(wire);
      wires.set(`${wire.remotePort}`, wire);
    });
    server.on('tlsClientError', () => undefined);
    server.on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => undefined);
      const wire = wires.get(`${socket.remotePort}`);
      if (wire) this.meet({ socket, wire }).catch(() => socket.destroy());
    });
  }

  static async start(): Promise<FakeLeaf> {
    const now = Date.now();
    const [ca, { key, csr }] = await Promise.all([createAgentCa('lon', now), requestListener()]);
    const cert = await signListener(ca, csr, AGENT_SERVER_NAME, now);
    const leaf = new FakeLeaf(createServer({ key, cert }), ca.certificate);
    await once(leaf.server.listen(0, '127.0.0.1'), 'listening');
    return leaf;
  }

  get endpoint(): string {
    const { port } = this.server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  /** HTTP/2 to the agent that is there, or to the next one that is taken. */
  joined(): Promise<ClientHttp2Session> {
    return new Promise((resolve) => {
      if (this.session && !this.session.destroyed) resolve(this.session);
      else this.waiting = resolve;
    });
  }

  /** As by a kill: nothing is said. */
  async cut(): Promise<void> {
    const { session } = this;
    this.session = null;
    const ended = session && once(session, 'close');
    this.wire?.resetAndDestroy();
    await ended;
  }

  close(): void {
    this.session?.destroy();
    this.server.close();
  }

  private async meet({ socket, wire }: Met): Promise<void> {
    const { next } = this;
    if (next === 'after TLS') return this.breakOff(wire);
    await readLine(socket, LONGEST_JOIN_LINE);
    if (next === 'silent') return this.did(next);
    if (next === 'after the join') return this.breakOff(wire);
    const answer = `${JSON.stringify({ joined: true, credential: 'kn' })}\n`;
    await writeAll(socket, next === 'in the answer' ? answer.slice(0, 10) : answer);
    if (next === 'in the answer' || next === 'after the answer') return this.breakOff(wire);
    await readLine(socket, LONGEST_JOIN_LINE);
    if (next === 'before HTTP/2') return this.breakOff(wire);
    const session = connect('http://agent', { createConnection: () => socket });
    session.on('error', () => undefined);
    if (next !== 'never') {
      const stream = session.request({ ':method': 'POST', ':path': '/terminal' }, { endStream: false });
      stream.on('error', () => undefined);
      if (next === 'with a stream given up') stream.close();
      // what was written is on its way by then
      await new Promise<void>((resolve) => session.ping(() => resolve()));
      return this.breakOff(wire);
    }
    this.session = session;
    this.wire = wire;
    this.waiting?.(session);
    this.waiting = null;
  }

  private breakOff(wire: Socket): void {
    this.did(this.next);
    wire.resetAndDestroy();
  }

  private did(what: Break | 'never'): void {
    if (what !== 'never') this.broken.push(what);
    this.next = 'never';
  }
}
