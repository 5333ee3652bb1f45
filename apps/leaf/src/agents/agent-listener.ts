import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import {
  LONGEST_JOIN_LINE,
  parseJoinRequest,
  type JoinAnswer,
  type JoinRefusal,
  type JoinRequest,
} from '@knot/contract';
import { readLine, writeAll, type KeyAndCertificate } from '@knot/link';
import type { Clock, Logger } from '@knot/shared';
import { isSystemError, KnotError, toKnotError } from '@knot/shared/errors';
import type { AgentAdmission, Admission } from './agent-admission.js';
import { AgentSession } from './agent-session.js';
import type { AgentSessions } from './agent-sessions.js';
import type { Refusals } from './refusals.js';

/** From the first byte to the end of the join, ms. */
const JOIN_MS = 15_000;
/** Connections that have not joined yet, of all and of one address. */
const MOST_WAITING = 1_000;
const MOST_WAITING_OF_ONE = 256;

export interface AgentListenerParts {
  readonly admission: AgentAdmission;
  readonly sessions: AgentSessions;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where agents dial: TLS by the location's agent CA, a join line, then HTTP/2 with the leaf as the client. */
export class AgentListener {
  private readonly server: Server;
  private readonly waiting = new Map<TLSSocket, string>();
  /** All that is open, in the midst of its handshake too. */
  private readonly sockets = new Set<Socket>();

  constructor(private readonly parts: AgentListenerParts) {
    this.server = createServer({ handshakeTimeout: JOIN_MS, noDelay: true }, (socket) => void this.meet(socket));
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.server.on('tlsClientError', (_error, socket) => socket.destroy());
    this.server.maxConnections = 20_000;
  }

  /** What it shows from now on; without one every handshake fails. */
  use({ key, certificate }: KeyAndCertificate): void {
    this.server.setSecureContext({ key, cert: certificate });
  }

  /** Throws `config.invalid` when the address cannot be had. */
  async listen(host: string, port: number): Promise<number> {
    this.server.listen(port, host === '' ? '::' : host);
    try {
      await once(this.server, 'listening');
    } catch (error) {
      const hint = isSystemError(error, 'EADDRINUSE')
        ? 'Another program has this port: stop it or set another in server.listen_agent.'
        : 'Check server.listen_agent.';
      const why = error instanceof Error ? error.message : String(error);
      throw new KnotError('config.invalid', `Agents cannot be met on ${host}:${port}: ${why}`, hint);
    }
    this.server.on('error', () => undefined);
    const bound = this.server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : port;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.parts.sessions.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async meet(socket: TLSSocket): Promise<void> {
    const { clock, logger } = this.parts;
    socket.on('error', () => socket.destroy());
    const address = socket.remoteAddress ?? '';
    if (this.isFull(address)) return void socket.destroy();
    this.waiting.set(socket, address);
    const timer = clock.setTimeout(() => socket.destroy(), JOIN_MS);
    try {
      await this.join(socket, address);
    } catch (error) {
      logger.debug({ err: toKnotError(error), address }, 'a connection of an agent came to nothing');
      socket.destroy();
    } finally {
      clock.clearTimeout(timer);
      this.waiting.delete(socket);
    }
  }

  private isFull(address: string): boolean {
    if (this.waiting.size >= MOST_WAITING) return true;
    return [...this.waiting.values()].filter((one) => one === address).length >= MOST_WAITING_OF_ONE;
  }

  private async join(socket: TLSSocket, address: string): Promise<void> {
    const request = parseJoinRequest(await readLine(socket, LONGEST_JOIN_LINE));
    if (!request) return this.refuse(socket, address, null, 'invalid', 'This is not how an agent joins.');
    const verdict = await this.parts.admission.judge(request);
    if (!verdict.admitted) return this.refuse(socket, address, request, verdict.reason, verdict.message);
    if (this.parts.sessions.isShutOut(request.space)) {
      const message = 'The agent of this space sent too much unasked: it is let in again a minute after that.';
      return this.refuse(socket, address, request, 'invalid', message);
    }
    if (!(await this.parts.sessions.makeRoom(request.space, request.instance, verdict.returning))) {
      const message = 'Another agent of this space is connected and answers.';
      return this.refuse(socket, address, request, 'duplicate', message);
    }
    await this.letIn(socket, request, verdict);
  }

  private async letIn(
    socket: TLSSocket,
    { space, instance, version }: JoinRequest,
    { start, credential }: Extract<Admission, { admitted: true }>,
  ): Promise<void> {
    const { admission, sessions, clock, logger } = this.parts;
    await answer(socket, { joined: true, credential });
    // Nothing of HTTP/2 is sent before the agent has read the answer and stands ready for it.
    await readLine(socket, LONGEST_JOIN_LINE);
    // The wish may have changed while it joined.
    const access = await admission.access(space, start);
    if (socket.destroyed || !access) return void socket.destroy();
    const session = new AgentSession(space, instance, start, socket, clock, {
      onEnd: (ended) => sessions.drop(ended),
      onNews: (changed) => sessions.changed(changed),
    });
    session.tellAccess(access);
    sessions.add(session);
    logger.info({ space, version }, 'the agent of a space has joined');
  }

  private async refuse(
    socket: TLSSocket,
    address: string,
    request: JoinRequest | null,
    reason: JoinRefusal,
    message: string,
  ): Promise<void> {
    const actor = request ? `agent:${request.space.slice(0, 36)}` : 'agent';
    this.parts.refusals.note({ actor, action: 'agent.join', address, message });
    await answer(socket, { joined: false, reason, message });
    // whoever is refused does not stay
    socket.destroySoon();
  }
}

function answer(socket: TLSSocket, said: JoinAnswer): Promise<void> {
  return writeAll(socket, `${JSON.stringify(said)}\n`);
}
