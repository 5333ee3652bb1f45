import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  BYTES_PROTOCOLS,
  GRANT_PROTOCOL,
  LONGEST_MESSAGE,
  parseBytesPath,
  TICKET_PROTOCOL,
  USE_WATCH_PATH,
  USE_WATCH_UPGRADE,
  type StreamAction,
} from '@knot/contract';
import type { ClientAddress } from '@knot/link';
import { KnotError, toKnotError } from '@knot/shared/errors';
import { WebSocketServer } from 'ws';
import type { AgentSessions } from '../agents/agent-sessions.js';
import type { Refusals } from '../agents/refusals.js';
import { WayDoor } from '../ports/way-door.js';
import type { Entries } from './entries.js';
import type { Grants } from './grants.js';
import { joinAgentStream } from './join-agent-stream.js';
import type { Tickets } from './tickets.js';
import type { Uses } from './uses.js';

export interface BytesDoorParts {
  readonly agents: { readonly sessions: Pick<AgentSessions, 'get'>; readonly refusals: Pick<Refusals, 'note'> };
  readonly tickets: Tickets;
  readonly grants: Pick<Grants, 'use'>;
  readonly uses: Pick<Uses, 'serve' | 'admit'>;
  readonly entries: Pick<Entries, 'note'>;
  readonly addressOf: ClientAddress;
  /** The dashboard's address; '' before the origin has told it. */
  readonly originUrl: () => Promise<string>;
  readonly newId: () => string;
  readonly now: () => number;
}

interface Asked {
  readonly space: string;
  readonly action: StreamAction;
}

/** Who comes, and what lets them in. */
interface Shown {
  readonly user: string;
  readonly proof: string;
  /** Id of the grant; '' for a ticket, which the origin has just given. */
  readonly grant: string;
  /** When the ticket was given, by the origin's clock; a grant goes by who may enter now. */
  readonly given: number;
}

/**
 * Where people's bytes come in, straight or along the link to the origin: WebSockets, each with a ticket of its own, or a
 * grant, among the sub-protocols, joined to a stream of the space's agent.
 */
export class BytesDoor {
  /** Answers HTTP/1.1 of connections that are handed to it; listens on nothing by itself. */
  readonly server: Server;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_MESSAGE,
    perMessageDeflate: false,
    // what lets in is no protocol to be spoken
    handleProtocols: (offered) => [...offered].find((one) => !isShown(one)) ?? false,
  });

  private readonly ways: WayDoor;

  constructor(private readonly parts: BytesDoorParts) {
    this.ways = new WayDoor(parts.agents.sessions, parts.tickets);
    this.server = createServer(
      { headersTimeout: 10_000, requestTimeout: 10_000, maxHeaderSize: 8_192 },
      (_, response) => response.writeHead(404).end(),
    );
    this.server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      void this.carry(request, socket, head).catch((error: unknown) => this.refuse(socket, toKnotError(error)));
    });
  }

  /** A connection along the link to the origin, with nothing read from it yet. */
  take(connection: Duplex): void {
    this.server.emit('connection', connection);
  }

  /** Somebody who has come to this leaf themselves. */
  meet(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    void this.enter(request, socket, head).catch((error: unknown) => this.refuse(socket, toKnotError(error)));
  }

  /** What the origin lets through, watches by itself. */
  private async carry(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (this.ways.takes(request)) return this.ways.upgrade(request, socket);
    if (request.url === USE_WATCH_PATH && request.headers.upgrade === USE_WATCH_UPGRADE) {
      return this.parts.uses.serve(socket);
    }
    const asked = askedOf(request);
    this.join(request, socket, head, asked, this.byTicket(request, asked));
  }

  private async enter(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const asked = askedOf(request);
    const { space } = asked;
    await this.assertOwnPage(request);
    const shown =
      shownAs(request, asked, GRANT_PROTOCOL) === ''
        ? this.byTicket(request, asked)
        : await this.byGrant(request, asked);
    const { proof, grant } = shown;
    const cut = () => socket.destroy();
    // a ticket is the origin's word of just now
    const { release } = await this.parts.uses.admit({ proof, space, port: '' }, { cut, wait: grant !== '' });
    // whoever has gone meanwhile says so no more
    if (socket.destroyed) return release();
    socket.once('close', release);
    if (grant !== '') await this.note(request, asked, shown);
    this.join(request, socket, head, asked, shown);
  }

  /** A page of another site can make a browser open a WebSocket here, but not hide where it comes from. */
  private async assertOwnPage({ headers: { origin } }: IncomingMessage): Promise<void> {
    if (origin === undefined || origin === URL.parse(await this.parts.originUrl())?.origin) return;
    throw new KnotError('access.csrf', 'The request came from a page of another site than the dashboard.');
  }

  private byTicket(request: IncomingMessage, asked: Asked): Shown {
    const ticket = shownAs(request, asked, TICKET_PROTOCOL);
    const { user, proof, given } = this.parts.tickets.use(ticket, asked.space, asked.action);
    return { user, proof, grant: '', given };
  }

  private async byGrant(request: IncomingMessage, asked: Asked): Promise<Shown> {
    const { user, proof, id } = await this.parts.grants.use(
      shownAs(request, asked, GRANT_PROTOCOL),
      asked.space,
      asked.action,
    );
    return { user, proof, grant: id, given: Infinity };
  }

  private note(request: IncomingMessage, { space, action }: Asked, { user, grant }: Shown): Promise<void> {
    const { entries, addressOf, newId, now } = this.parts;
    return entries.note({ id: newId(), at: now(), user, space, action, grant, address: addressOf(request) });
  }

  private join(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { space, action }: Asked,
    { user, given }: Shown,
  ): void {
    if (socket.destroyed) return;
    const agent = this.parts.agents.sessions.get(space);
    if (!agent) throw new KnotError('server.unavailable', 'The agent of this space is not connected.');
    // throws while there can still be an answer in HTTP: nobody listens to a WebSocket that comes to nothing
    const stream = agent.open(`/${action}`, { 'knot-user': user }, given);
    stream.on('error', () => undefined);
    socket.once('close', () => stream.close());
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => joinAgentStream(webSocket, stream));
  }

  private refuse(socket: Duplex, error: KnotError): void {
    if (['auth.failed', 'access.denied', 'access.csrf'].includes(error.code)) {
      const { message } = error;
      this.parts.agents.refusals.note({ actor: 'ticket', action: 'space.enter', address: '', message });
    }
    socket.end(`HTTP/1.1 ${error.httpStatus} ${error.code}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
}

function askedOf({ url = '' }: IncomingMessage): Asked {
  const asked = parseBytesPath(url);
  if (!asked) throw new KnotError('resource.not_found', 'There is nothing at this address.');
  return asked;
}

/** What is shown under this prefix among the sub-protocols; '' where the one to be spoken is not the only other. */
function shownAs({ headers }: IncomingMessage, { action }: Asked, prefix: string): string {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  if (offered.length !== 2 || !offered.includes(BYTES_PROTOCOLS[action])) return '';
  return offered.find((one) => one.startsWith(prefix))?.slice(prefix.length) ?? '';
}

function isShown(protocol: string): boolean {
  return protocol.startsWith(TICKET_PROTOCOL) || protocol.startsWith(GRANT_PROTOCOL);
}
