/** What a connection to a leaf's door is upgraded to so that it carries bytes of a space, unread. */
export const WAY_UPGRADE = 'knot-way';

/** Where the ticket stands in that request; the request is between servers, and no page or address ever holds it. */
export const WAY_TICKET_HEADER = 'knot-ticket';

/** The host that was asked for, where the app behind a port speaks TLS. */
export const PORT_HOST_HEADER = 'knot-host';

/** Somewhere in a space: a port of its loopback, or what is said in it. `action` is also the ticket's. */
export type SpaceWay =
  | { readonly action: 'port'; readonly space: string; readonly port: number }
  | { readonly action: 'logs'; readonly space: string }
  | { readonly action: 'terminals'; readonly space: string };

/** Names the terminal that is ended before one's terminals are listed. */
export const TERMINAL_END_HEADER = 'knot-terminal-end';

export function wayPath(way: SpaceWay): string {
  const rest = way.action === 'port' ? `ports/${way.port}` : way.action;
  return `/bytes/v1/spaces/${way.space}/${rest}`;
}

/** Null for any other path. */
export function parseWayPath(path: string): SpaceWay | null {
  const [, space = '', word, digits] =
    /^\/bytes\/v1\/spaces\/([0-9a-f-]{36})\/(?:(logs|terminals)|ports\/(\d{1,5}))$/.exec(path) ?? [];
  if (space === '') return null;
  if (digits !== undefined) return { action: 'port', space, port: Number(digits) };
  return { action: word === 'terminals' ? word : 'logs', space };
}
