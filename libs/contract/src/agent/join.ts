/** The name in the certificate of whatever agents dial, whichever address they dialled: their CA signs nothing else. */
export const AGENT_SERVER_NAME = 'leaf.agents.knot.internal';

/** Version of what agent and leaf say to one another. */
export const AGENT_PROTOCOL = 1;

/** Longest line of a join or its answer, in bytes. */
export const LONGEST_JOIN_LINE = 4_096;

/**
 * The first line on a connection that an agent dialled, as JSON; the answer is a line too. After an answer that lets it
 * in, the same connection carries HTTP/2, the leaf being the client.
 */
export interface JoinRequest {
  readonly protocol: number;
  readonly version: string;
  readonly space: string;
  /** uuid of this run of the agent. */
  readonly instance: string;
  /** Of the start that made the space, from its environment. */
  readonly secret: string;
  /** What an earlier answer gave to this instance; '' before. */
  readonly credential: string;
}

export type JoinAnswer =
  | { readonly joined: true; readonly credential: string }
  | { readonly joined: false; readonly reason: JoinRefusal; readonly message: string };

/** `duplicate`: another agent of the space answers; `unknown`: no such space should run here with that secret. */
export type JoinRefusal = 'version' | 'unknown' | 'duplicate' | 'invalid';

const REFUSALS: readonly JoinRefusal[] = ['version', 'unknown', 'duplicate', 'invalid'];

/** Null for anything but a join. */
export function parseJoinRequest(line: string): JoinRequest | null {
  const fields = fieldsOf(line);
  if (!fields) return null;
  const { protocol } = fields;
  const texts = ['version', 'space', 'instance', 'secret', 'credential'] as const;
  const [version, space, instance, secret, credential] = texts.map((name) => fields[name]);
  if (typeof protocol !== 'number') return null;
  if (!isText(version) || !isText(space) || !isText(instance) || !isText(secret) || !isText(credential)) return null;
  return { protocol, version, space, instance, secret, credential };
}

/** Null for anything but an answer. */
export function parseJoinAnswer(line: string): JoinAnswer | null {
  const fields = fieldsOf(line);
  if (!fields) return null;
  const { joined, credential, reason, message } = fields;
  if (joined === true && isText(credential)) return { joined, credential };
  const known = REFUSALS.find((one) => one === reason);
  return joined === false && known && isText(message) ? { joined, reason: known, message } : null;
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
