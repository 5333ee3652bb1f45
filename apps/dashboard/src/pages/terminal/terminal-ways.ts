import { TERMINAL_PROTOCOL, TICKET_PROTOCOL } from '@knot/contract/terminal';
import { pageWay } from '@knot/domain';
import { api, serverClock, told } from '../../api/client.js';
import { hasCode } from '../../api/problem.js';
import { texts } from '../../texts/texts.js';
import { avoid, isAvoided } from './avoided-leaves.js';
import { HeldGrant } from './held-grant.js';

const ORIGIN_MS = 20_000;
/** A leaf that cannot be reached from here must not cost much: the way by the origin is there. */
const STRAIGHT_MS = 2_000;
/** An origin that says nothing for so long is away, where there is a way without it. */
const AWAY_MS = 5_000;
/** A leaf without its origin waits for that before it lets anybody in. */
const WAIT_MS = 5_000;

export interface Way {
  /** Open. */
  readonly socket: WebSocket;
  /** Which way it is, for a person. */
  readonly by: string;
}

type Ticket = Awaited<ReturnType<typeof ticketFor>>;

/** Opens connections to one terminal of a space, one after another. */
export class TerminalWays {
  private readonly grant: HeldGrant;

  constructor(
    private readonly space: string,
    /** Is told what the server says besides. */
    private readonly onTicket: (ticket: Ticket) => void,
  ) {
    const ask = (location: string, holder: string) => told(api.POST('/api/v1/grants', { body: { location, holder } }));
    this.grant = new HeldGrant({ space, ask, now: () => serverClock.read() });
  }

  /**
   * To its leaf itself where a page can and nobody is asked for leave, else by the origin; with the origin away, to the
   * leaf that was reached before.
   */
  async open(): Promise<Way> {
    try {
      return await this.byTicket(await ticketFor(this.space, this.grant.isGood ? AWAY_MS : ORIGIN_MS));
    } catch (error) {
      const way = hasCode(error, 'server.unavailable') ? await this.grant.way() : null;
      if (!way) throw error;
      return { socket: await dial(way.url, way.shown, WAIT_MS), by: texts.terminal.withoutOrigin(way.location) };
    }
  }

  private async byTicket(ticket: Ticket): Promise<Way> {
    this.onTicket(ticket);
    const leaf = await straightTo(ticket);
    if (leaf === '') return byOrigin(ticket);
    const { location } = ticket;
    const begun = performance.now();
    try {
      const socket = await dial(leaf + ticket.path, TICKET_PROTOCOL + ticket.ticket, STRAIGHT_MS);
      void this.grant.keep({ location, leaf });
      return { socket, by: texts.terminal.straight(location) };
    } catch {
      // where it is refused, by a leaf that starts perhaps, the next try costs nothing either
      const silent = performance.now() - begun >= STRAIGHT_MS;
      // the ticket may be used
      const way = await byOrigin(await ticketFor(this.space, ORIGIN_MS));
      if (silent) avoid(location);
      return way;
    }
  }
}

async function byOrigin({ path, ticket }: Ticket): Promise<Way> {
  const origin = window.location.origin.replace(/^http/, 'ws');
  const socket = await dial(origin + path, TICKET_PROTOCOL + ticket, ORIGIN_MS);
  return { socket, by: texts.terminal.byOrigin };
}

function ticketFor(id: string, ms: number) {
  const [params, signal] = [{ path: { id } }, AbortSignal.timeout(ms)];
  return told(api.POST('/api/v1/spaces/{id}/tickets', { params, body: { action: 'terminal' }, signal }));
}

/** '' where the way is by the origin. */
async function straightTo(ticket: Ticket): Promise<string> {
  const leaf = pageWay(ticket, window.location);
  return leaf !== '' && !isAvoided(ticket.location) && (await asksNobody(ticket.directPermission)) ? leaf : '';
}

/** Some names are known to some browsers only. */
interface AnyPermissions {
  query(asked: { readonly name: string }): Promise<PermissionStatus>;
}

/** Whether the browser lets a page call there without a question that nobody expects. */
async function asksNobody(permission: Ticket['directPermission']): Promise<boolean> {
  if (permission === '') return true;
  try {
    const { permissions }: { readonly permissions: AnyPermissions } = navigator;
    const { state } = await permissions.query({ name: permission });
    return state === 'granted';
  } catch {
    return false;
  }
}

/** `shown`: what lets this page in. */
function dial(url: string, shown: string, ms: number): Promise<WebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  const socket = new WebSocket(url, [TERMINAL_PROTOCOL, shown]);
  const fail = () => {
    clearTimeout(late);
    socket.close();
    reject(new Error(''));
  };
  const late = setTimeout(fail, ms);
  // where a content policy refuses it, as of a page that came before the leaf had its address, no `close` is told
  socket.onerror = fail;
  socket.onclose = fail;
  socket.onopen = () => {
    clearTimeout(late);
    socket.onerror = null;
    resolve(socket);
  };
  return promise;
}
