import type { Duplex } from 'node:stream';
import { PORT_HOST_HEADER, PORT_TICKET_HEADER, PORT_UPGRADE, portPath } from '@knot/contract';
import { readLine } from '@knot/link';
import { KnotError } from '@knot/shared/errors';
import type { LeafLinks } from '../bytes/leaf-links.js';
import type { SignTicket } from '../bytes/sign-ticket.js';

const OPEN_MS = 20_000;
const LONGEST_LINE = 1_024;
const MOST_LINES = 16;

export interface PortWanted {
  readonly location: string;
  readonly space: string;
  readonly port: number;
  /** User id. */
  readonly user: string;
  /** The host that was asked for. */
  readonly host: string;
}

/** Connections to ports of spaces, each let in at its leaf by a ticket of its own. */
export class PortWays {
  constructor(
    private readonly links: Pick<LeafLinks, 'open'>,
    private readonly sign: SignTicket,
  ) {}

  /** Throws `server.unavailable` with what is away: leaf, agent, or the app itself. */
  async open({ location, space, port, user, host }: PortWanted): Promise<Duplex> {
    const stream = this.links.open(location);
    if (!stream) throw away(`The leaf of ${location} has no way open for bytes.`);
    stream.on('error', () => stream.destroy());
    const timer = setTimeout(() => stream.destroy(), OPEN_MS);
    try {
      const { ticket } = await this.sign({ location, space, user, action: 'port' });
      const lines = [
        `GET ${portPath({ space, port })} HTTP/1.1`,
        ...['Host: leaf', 'Connection: Upgrade', `Upgrade: ${PORT_UPGRADE}`],
        ...[`${PORT_TICKET_HEADER}: ${ticket}`, `${PORT_HOST_HEADER}: ${host}`],
      ];
      stream.write(`${lines.join('\r\n')}\r\n\r\n`);
      await upgraded(stream);
      return stream;
    } catch (error) {
      stream.destroy();
      throw error instanceof KnotError ? error : away('The leaf of this space closed the connection.');
    } finally {
      clearTimeout(timer);
    }
  }
}

async function upgraded(stream: Duplex): Promise<void> {
  const [, status = ''] = /^HTTP\/1\.1 (\d{3})/.exec(await readLine(stream, LONGEST_LINE)) ?? [];
  for (let lines = 0; lines < MOST_LINES; lines += 1) {
    if ((await readLine(stream, LONGEST_LINE)).trim() !== '') continue;
    if (status === '101') return;
    throw away(
      status === '401' ? 'The leaf refused the ticket.' : 'Its agent is not connected, or the port is closed.',
    );
  }
  throw away('The leaf answers what it never should.');
}

function away(message: string): KnotError {
  return new KnotError('server.unavailable', message, 'Try again in a moment.');
}
