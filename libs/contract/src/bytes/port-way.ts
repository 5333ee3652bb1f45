/** What a connection to a leaf's door is upgraded to so that it carries the bytes of one port of a space, unread. */
export const PORT_UPGRADE = 'knot-port';

/** Where the ticket stands in that request; the request is between servers, and no page or address ever holds it. */
export const PORT_TICKET_HEADER = 'knot-ticket';

/** The host that was asked for, where the app behind the port speaks TLS. */
export const PORT_HOST_HEADER = 'knot-host';

export interface PortWay {
  readonly space: string;
  readonly port: number;
}

export function portPath({ space, port }: PortWay): string {
  return `/bytes/v1/spaces/${space}/ports/${port}`;
}

/** Null for any other path. */
export function parsePortPath(path: string): PortWay | null {
  const [, space = '', digits = ''] = /^\/bytes\/v1\/spaces\/([0-9a-f-]{36})\/ports\/(\d{1,5})$/.exec(path) ?? [];
  return space === '' ? null : { space, port: Number(digits) };
}
