import { TERMINAL_PROTOCOL, TICKET_PROTOCOL } from '@knot/contract/terminal';
import { pageWay } from '@knot/domain';
import { api, told } from '../../api/client.js';
import { texts } from '../../texts/texts.js';
import { avoid, isAvoided } from './avoided-leaves.js';

const ORIGIN_MS = 20_000;
/** A leaf that cannot be reached from here must not cost much: the way by the origin is there. */
const STRAIGHT_MS = 2_000;

export interface Way {
  /** Open. */
  readonly socket: WebSocket;
  /** Which way it is, for a person. */
  readonly by: string;
}

type Ticket = Awaited<ReturnType<typeof ticketFor>>;

/**
 * Opens a connection to the terminals of a space: to its leaf itself where a page can and nobody is asked for leave,
 * else by the origin. `onTicket` is told what the server says besides.
 */
export async function openWay(space: string, onTicket: (ticket: Ticket) => void): Promise<Way> {
  const ticket = await ticketFor(space);
  onTicket(ticket);
  const leaf = await straightTo(ticket);
  if (leaf === '') return byOrigin(ticket);
  const begun = performance.now();
  try {
    return { socket: await dial(leaf, ticket, STRAIGHT_MS), by: texts.terminal.straight(ticket.location) };
  } catch {
    // where it is refused, by a leaf that starts perhaps, the next try costs nothing either
    const silent = performance.now() - begun >= STRAIGHT_MS;
    // the ticket may be used
    const way = await byOrigin(await ticketFor(space));
    if (silent) avoid(ticket.location);
    return way;
  }
}

async function byOrigin(ticket: Ticket): Promise<Way> {
  const origin = window.location.origin.replace(/^http/, 'ws');
  return { socket: await dial(origin, ticket, ORIGIN_MS), by: texts.terminal.byOrigin };
}

function ticketFor(id: string) {
  return told(api.POST('/api/v1/spaces/{id}/tickets', { params: { path: { id } }, body: { action: 'terminal' } }));
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

function dial(server: string, { path, ticket }: Ticket, ms: number): Promise<WebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>();
  const socket = new WebSocket(server + path, [TERMINAL_PROTOCOL, TICKET_PROTOCOL + ticket]);
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
