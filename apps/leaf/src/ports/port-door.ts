import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import type { IncomingMessage } from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import { parsePortPath, PORT_HOST_HEADER, PORT_TICKET_HEADER, PORT_UPGRADE } from '@knot/contract';
import { KnotError, toKnotError } from '@knot/shared/errors';
import type { AgentSessions } from '../agents/agent-sessions.js';
import type { Tickets } from '../bytes/tickets.js';

const AGENT_MS = 15_000;

/** Joins a connection, after its ticket was checked, to one port of a space by a stream of the space's agent. */
export class PortDoor {
  constructor(
    private readonly sessions: Pick<AgentSessions, 'get'>,
    private readonly tickets: Tickets,
  ) {}

  takes({ headers }: IncomingMessage): boolean {
    return headers.upgrade === PORT_UPGRADE;
  }

  /** Throws `auth.failed` for a ticket that is not good, `server.unavailable` where the agent or the app is away. */
  async upgrade(request: IncomingMessage, socket: Duplex): Promise<void> {
    const way = parsePortPath(request.url ?? '');
    if (!way) throw new KnotError('resource.not_found', 'There is nothing at this address.');
    const { user } = this.tickets.use(String(request.headers[PORT_TICKET_HEADER] ?? ''), way.space, 'port');
    const agent = this.sessions.get(way.space);
    if (!agent) throw new KnotError('server.unavailable', 'The agent of this space is not connected.');
    const host = String(request.headers[PORT_HOST_HEADER] ?? '');
    const stream = agent.open('/port', { 'knot-user': user, 'knot-port': String(way.port), 'knot-host': host });
    stream.on('error', () => undefined);
    socket.once('close', () => stream.close());
    await answered(stream);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${PORT_UPGRADE}\r\n\r\n`);
    // each half ends when the other side has ended it: to end more would drop what is still on its way
    pipeline(socket, stream, () => undefined);
    pipeline(stream, socket, (error) => {
      if (error) socket.destroy();
    });
  }
}

async function answered(stream: ClientHttp2Stream): Promise<void> {
  try {
    const status = await new Promise<unknown>((resolve, reject) => {
      stream.once('response', (headers: IncomingHttpHeaders) => resolve(headers[':status']));
      stream.once('error', reject);
      stream.once('close', () => reject(new Error('closed')));
      stream.setTimeout(AGENT_MS, () => reject(new Error('no answer in time')));
    });
    stream.setTimeout(0);
    if (status === 200) return;
    const message =
      status === 404 ? 'The space does not offer this port.' : 'Nothing listens on this port of the space now.';
    throw new KnotError('server.unavailable', message);
  } catch (error) {
    stream.close();
    throw toKnotError(error);
  }
}
