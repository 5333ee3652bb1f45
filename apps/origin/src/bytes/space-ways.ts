import type { Duplex } from 'node:stream';
import { WAY_TICKET_HEADER, WAY_UPGRADE, wayPath, type SpaceWay } from '@knot/contract';
import { readLine } from '@knot/link';
import { KnotError } from '@knot/shared/errors';
import type { LeafLinks } from './leaf-links.js';
import type { SignTicket } from './sign-ticket.js';

const OPEN_MS = 20_000;
const LONGEST_LINE = 1_024;
const MOST_LINES = 16;

export interface WayWanted {
  readonly location: string;
  /** User id. */
  readonly user: string;
  readonly way: SpaceWay;
}

/** Connections into spaces, each let in at its leaf by a ticket of its own. */
export class SpaceWays {
  constructor(
    private readonly links: Pick<LeafLinks, 'open'>,
    private readonly sign: SignTicket,
  ) {}

  /** Throws `server.unavailable` with what is away: leaf, agent, or what the way leads to. */
  async open({ location, user, way }: WayWanted, headers: Readonly<Record<string, string>>): Promise<Duplex> {
    const stream = await this.links.open(location);
    if (!stream) throw away(`The leaf of ${location} has no way open for bytes.`);
    stream.on('error', () => stream.destroy());
    const timer = setTimeout(() => stream.destroy(), OPEN_MS);
    try {
      const { ticket } = await this.sign({ location, space: way.space, user, action: way.action, proof: '' });
      const lines = [
        ...[`GET ${wayPath(way)} HTTP/1.1`, 'Host: leaf', 'Connection: Upgrade', `Upgrade: ${WAY_UPGRADE}`],
        `${WAY_TICKET_HEADER}: ${ticket}`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
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
    if (status === '401') throw away('The leaf refused the ticket.');
    throw away('Its agent is not connected, or nothing answers there in the space.');
  }
  throw away('The leaf answers what it never should.');
}

function away(message: string): KnotError {
  return new KnotError('server.unavailable', message, 'Try again in a moment.');
}
