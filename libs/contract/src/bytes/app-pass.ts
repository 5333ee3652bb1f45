import { isText, jsonFields } from './json-fields.js';

export const APP_TICKET_MS = 60_000;
export const APP_COOKIE_MS = 12 * 60 * 60_000;
/** What is signed begins so: nothing else that the same key signs does. */
export const APP_PASS_CONTEXT = 'knot app pass\n';

/** What lets a browser in at the host of one app: a ticket, once, which is traded for a cookie. */
export interface AppPass {
  readonly kind: 'ticket' | 'cookie';
  readonly id: string;
  /** Host name of the app, without a port: it is good there and nowhere else. */
  readonly host: string;
  /** Id of the space: one that takes the name over is another one. */
  readonly space: string;
  /** Id of the session at the dashboard that it came from, and ends with. */
  readonly session: string;
  /** User id; '' in one that an origin of before has signed. */
  readonly user: string;
  /** Whether the user was in a group with the owner when it was given. */
  readonly group: boolean;
  /** Whether the user gets into spaces on the leaf's own machine. */
  readonly local: boolean;
  /** ms since the epoch */
  readonly until: number;
}

/** Null for anything but a pass. */
export function parseAppPass(text: string): AppPass | null {
  const fields = jsonFields(text);
  const [id, host, space, session] = ['id', 'host', 'space', 'session'].map((name) => fields[name]);
  const kind = (['ticket', 'cookie'] as const).find((one) => one === fields['kind']);
  const { until, user = '', group = false, local = false } = fields;
  if (!isText(id) || !isText(host) || !isText(space) || !isText(session) || !isText(user)) return null;
  if (!kind || typeof until !== 'number' || typeof group !== 'boolean' || typeof local !== 'boolean') return null;
  return { kind, id, host, space, session, user, group, local, until };
}
