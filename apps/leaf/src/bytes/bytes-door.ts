import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { BYTES_PROTOCOLS, LONGEST_MESSAGE, parseBytesPath, TICKET_PROTOCOL, ticketAmong } from '@knot/contract';
import { KnotError, toKnotError } from '@knot/shared/errors';
import { WebSocketServer } from 'ws';
import type { Agents } from '../agents/agents.js';
import { WayDoor } from '../ports/way-door.js';
import { joinAgentStream } from './join-agent-stream.js';
import type { Tickets } from './tickets.js';

/**
 * Where people's bytes come in, straight or along the link to the origin: WebSockets, each with a ticket of its own
 * among the sub-protocols, joined to a stream of the space's agent.
 */
export class BytesDoor {
  /** Answers HTTP/1.1 of connections that are handed to it; listens on nothing by itself. */
  readonly server: Server;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_MESSAGE,
    perMessageDeflate: false,
    // the ticket among them is no protocol to be spoken
    handleProtocols: (offered) => [...offered].find((one) => !one.startsWith(TICKET_PROTOCOL)) ?? false,
  });

  private readonly ways: WayDoor;

  constructor(
    private readonly agents: Agents,
    private readonly tickets: Tickets,
  ) {
    this.ways = new WayDoor(agents.sessions, tickets);
    this.server = createServer(
      { headersTimeout: 10_000, requestTimeout: 10_000, maxHeaderSize: 8_192 },
      (_, response) => response.writeHead(404).end(),
    );
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head));
  }

  /** A connection of somebody, with nothing read from it yet. */
  take(connection: Duplex): void {
    this.server.emit('connection', connection);
  }

  /** A WebSocket that asks for a path of bytes. Others are turned away. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (this.ways.takes(request)) {
      return void this.ways.upgrade(request, socket).catch((error: unknown) => this.refuse(socket, toKnotError(error)));
    }
    try {
      const asked = parseBytesPath(request.url ?? '');
      if (!asked) throw new KnotError('resource.not_found', 'There is nothing at this address.');
      const { space, action } = asked;
      const { user } = this.tickets.use(shownTicket(request, BYTES_PROTOCOLS[action]), space, action);
      const agent = this.agents.sessions.get(space);
      if (!agent) throw new KnotError('server.unavailable', 'The agent of this space is not connected.');
      this.sockets.handleUpgrade(request, socket, head, (webSocket) =>
        joinAgentStream(webSocket, agent, `/${action}`, user),
      );
    } catch (error) {
      this.refuse(socket, toKnotError(error));
    }
  }

  private refuse(socket: Duplex, error: KnotError): void {
    if (error.code === 'auth.failed') {
      const { message } = error;
      this.agents.refusals.note({ actor: 'ticket', action: 'space.enter', address: '', message });
    }
    socket.end(`HTTP/1.1 ${error.httpStatus} ${error.code}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
}

/** The ticket among the sub-protocols; '' where the one to be spoken is not the only other. */
function shownTicket({ headers }: IncomingMessage, protocol: string): string {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  return offered.length === 2 && offered.includes(protocol) ? ticketAmong(offered) : '';
}
