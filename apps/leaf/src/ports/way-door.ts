import type { IncomingMessage } from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import {
  LOG_FOLLOW_HEADER,
  LOG_SEARCH_HEADER,
  parseWayPath,
  PORT_HOST_HEADER,
  TERMINAL_END_HEADER,
  WAY_TICKET_HEADER,
  WAY_UPGRADE,
  type SpaceWay,
} from '@knot/contract';
import { gather } from '@knot/link';
import { KnotError } from '@knot/shared/errors';
import type { AgentSessions } from '../agents/agent-sessions.js';
import type { Tickets } from '../bytes/tickets.js';
import { answered } from './open-port.js';

/** Joins a connection, after its ticket was checked, to a stream of the space's agent: a port of the space, or its logs. */
export class WayDoor {
  constructor(
    private readonly sessions: Pick<AgentSessions, 'get'>,
    private readonly tickets: Tickets,
  ) {}

  takes({ headers }: IncomingMessage): boolean {
    return headers.upgrade === WAY_UPGRADE;
  }

  /** Throws `auth.failed` for a ticket that is not good, `server.unavailable` where the agent or the app is away. */
  async upgrade(request: IncomingMessage, socket: Duplex): Promise<void> {
    const way = parseWayPath(request.url ?? '');
    if (!way) throw new KnotError('resource.not_found', 'There is nothing at this address.');
    const { user, given } = this.tickets.use(headerOf(request, WAY_TICKET_HEADER), way.space, way.action);
    const agent = this.sessions.get(way.space);
    if (!agent) throw new KnotError('server.unavailable', 'The agent of this space is not connected.');
    const headers = { 'knot-user': user, ...headersFor(way, request) };
    const stream = agent.open(`/${way.action}`, headers, given);
    stream.on('error', () => undefined);
    // two pipelines listen more often than Node thinks one stream is listened to
    stream.setMaxListeners(20);
    socket.once('close', () => stream.close());
    await answered(stream);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${WAY_UPGRADE}\r\n\r\n`);
    // each half ends when the other side has ended it: to end more would drop what is still on its way
    pipeline(socket, stream, () => undefined);
    gather(stream, socket);
    pipeline(stream, socket, (error) => {
      if (error) socket.destroy();
    });
  }
}

function headersFor(way: SpaceWay, request: IncomingMessage): Record<string, string> {
  switch (way.action) {
    case 'port':
      return { 'knot-port': String(way.port), [PORT_HOST_HEADER]: headerOf(request, PORT_HOST_HEADER) };
    case 'logs':
      return {
        [LOG_FOLLOW_HEADER]: headerOf(request, LOG_FOLLOW_HEADER),
        [LOG_SEARCH_HEADER]: headerOf(request, LOG_SEARCH_HEADER),
      };
    case 'terminals':
      return { [TERMINAL_END_HEADER]: headerOf(request, TERMINAL_END_HEADER) };
  }
}

function headerOf({ headers }: IncomingMessage, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}
