import { isText, jsonFields } from './json-fields.js';
import { STREAM_ACTIONS, type StreamAction } from './ticket.js';

/**
 * What lets a user in at a leaf without asking the origin first: signed by the key of the location, and of no use
 * without the private half of a key that its holder alone has.
 */
export interface Grant {
  /** Of the key that signed. */
  readonly key: string;
  readonly id: string;
  readonly location: string;
  /** User id. */
  readonly user: string;
  /** Id of the session or token in whose name it was given, and with which it ends. */
  readonly proof: string;
  /** Ed25519 public key of the holder, raw, base64url. */
  readonly holder: string;
  /** Whether the user gets into spaces on the leaf's own machine. */
  readonly local: boolean;
  /** ms since the epoch */
  readonly until: number;
}

/** What a grant is used for, signed by its holder: good once. */
export interface GrantUse {
  readonly id: string;
  readonly space: string;
  readonly action: StreamAction;
  /** Of the leaf that is asked, `host:port` as in its address. */
  readonly host: string;
  readonly until: number;
}

export const GRANT_LIFE_MS = 12 * 60 * 60_000;

/** What stands before a grant and its use, `<grant>~<use>`, where they are shown as a sub-protocol. */
export const GRANT_PROTOCOL = 'knot.grant.';

/** What is signed begins so: nothing else that the same keys sign does. */
export const GRANT_CONTEXT = 'knot grant\n';
export const GRANT_USE_CONTEXT = 'knot grant use\n';

/** Null for anything but a grant. */
export function parseGrant(text: string): Grant | null {
  const fields = jsonFields(text);
  const [key, id, location, user] = ['key', 'id', 'location', 'user'].map((name) => fields[name]);
  const { proof, holder, local, until } = fields;
  if (!isText(key) || !isText(id) || !isText(location) || !isText(user) || !isText(proof)) return null;
  if (!isText(holder) || typeof local !== 'boolean' || typeof until !== 'number') return null;
  return { key, id, location, user, proof, holder, local, until };
}

/** Null for anything but a use. */
export function parseGrantUse(text: string): GrantUse | null {
  const fields = jsonFields(text);
  const { id, space, host, until } = fields;
  const action = STREAM_ACTIONS.find((one) => one === fields['action']);
  if (!isText(id) || !isText(space) || !isText(host) || !action || typeof until !== 'number') return null;
  return { id, space, host, action, until };
}
