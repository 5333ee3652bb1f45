import { isText, jsonFields } from './json-fields.js';

/**
 * What goes by messages: a web terminal; SSH, where a key of the user is asked for besides; commands and files, which go
 * by SSH too and for which the ticket is enough.
 */
export const STREAM_ACTIONS = ['terminal', 'ssh', 'run'] as const;

export type StreamAction = (typeof STREAM_ACTIONS)[number];

/** What a ticket lets its holder do. */
const TICKET_ACTIONS = [...STREAM_ACTIONS, 'port', 'logs', 'terminals'] as const;

export type TicketAction = (typeof TICKET_ACTIONS)[number];

/** A ticket: signed by the origin for one location, good once and for a minute. */
export interface TicketClaims {
  /** Of the key that signed. */
  readonly key: string;
  /** Names this ticket. */
  readonly id: string;
  readonly location: string;
  readonly space: string;
  /** User id. */
  readonly user: string;
  readonly action: TicketAction;
  /** Id of the session or token in whose name it was given; '' where its origin watches what it opens in another way. */
  readonly proof: string;
  /** ms since the epoch */
  readonly until: number;
}

export const TICKET_LIFE_MS = 60_000;

/** The WebSocket sub-protocols, and what stands before a ticket that is shown as another one. */
export const TERMINAL_PROTOCOL = 'knot.terminal.1';
const SSH_PROTOCOL = 'knot.ssh.1';
export const TICKET_PROTOCOL = 'knot.ticket.';

/** What is spoken there. */
export const BYTES_PROTOCOLS: Readonly<Record<StreamAction, string>> = {
  terminal: TERMINAL_PROTOCOL,
  ssh: SSH_PROTOCOL,
  run: SSH_PROTOCOL,
};

/** Where a leaf's bytes are asked for; the same path at the leaf and at its origin. */
export function bytesPath(space: string, action: StreamAction): string {
  return `/bytes/v1/spaces/${space}/${action}`;
}

/** What a path of bytes names; null for any other path. */
export function parseBytesPath(path: string): { readonly space: string; readonly action: StreamAction } | null {
  const [, space = '', word = ''] = /^\/bytes\/v1\/spaces\/([0-9a-f-]{36})\/([a-z]+)$/.exec(path) ?? [];
  const action = STREAM_ACTIONS.find((one) => one === word);
  return action ? { space, action } : null;
}

/** Where a leaf dials its origin to carry bytes. */
export const LEAF_LINK_PATH = '/link/v1';

/**
 * What a leaf asks for there first: HTTP/2 along the very connection. It shows by a line that it stands ready, before which
 * the origin sends nothing. Where that is refused, by an origin of before or by what stands between, it asks for a WebSocket.
 */
export const LEAF_LINK_UPGRADE = 'knot-link';
export const LEAF_LINK_READY = 'ready\n';

/** The ticket among offered sub-protocols; '' where there is none. */
export function ticketAmong(protocols: readonly string[]): string {
  return protocols.find((one) => one.startsWith(TICKET_PROTOCOL))?.slice(TICKET_PROTOCOL.length) ?? '';
}

/** Null for anything but claims. */
export function parseTicketClaims(text: string): TicketClaims | null {
  const fields = jsonFields(text);
  const [key, id, location, space, user] = ['key', 'id', 'location', 'space', 'user'].map((name) => fields[name]);
  const action = TICKET_ACTIONS.find((one) => one === fields['action']);
  const { until, proof = '' } = fields;
  if (!isText(key) || !isText(id) || !isText(location) || !isText(space) || !isText(user)) return null;
  if (!action || !isText(proof) || typeof until !== 'number') return null;
  return { key, id, location, space, user, action, proof, until };
}
